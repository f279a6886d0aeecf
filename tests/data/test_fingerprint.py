"""A fingerprint is of values, shape, type and targets, and of nothing else."""

from __future__ import annotations

import numpy as np

from xonet.data import Dataset
from xonet.data._fingerprint import BYTES_PER_PART, fingerprint

PICTURES = np.random.default_rng(0).integers(0, 256, (7, 3, 2, 1), np.uint8)
LABELS = np.arange(7)


def test_everything_that_counts_counts():
    dark = PICTURES.copy()
    dark[6, 2, 1, 0] ^= 1
    sets = [
        Dataset(PICTURES, LABELS), Dataset(PICTURES, LABELS[::-1]), Dataset(PICTURES[::-1], LABELS),
        Dataset(PICTURES, None),
        Dataset(dark, LABELS), Dataset(PICTURES.reshape(7, 2, 3, 1), LABELS), Dataset(PICTURES.view(np.int8), LABELS),
        Dataset(PICTURES[:6], LABELS[:6]), Dataset(PICTURES, LABELS.astype(np.float32)),
        Dataset(PICTURES[:0], LABELS[:0]),
    ]  # fmt: skip
    assert len({fingerprint(one) for one in sets}) == len(sets)


def test_names_and_memory_do_not():
    strided = np.asfortranarray(PICTURES)
    assert fingerprint(Dataset(strided, LABELS, ["a"] * 7, ["note"])) == fingerprint(Dataset(PICTURES, LABELS))


def test_more_than_one_part():
    large = np.zeros(2 * BYTES_PER_PART + 5, np.uint8).reshape(-1, 1)
    changed = large.copy()
    changed[BYTES_PER_PART + 9] = 1
    swapped = np.concatenate([changed[BYTES_PER_PART:-5], changed[:BYTES_PER_PART], changed[-5:]])
    assert len({fingerprint(Dataset(one, None)) for one in (large, changed, swapped, large[:-1])}) == 4
