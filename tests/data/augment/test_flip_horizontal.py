"""`flip_horizontal`: naive loops, its cases, and which pictures it mirrors."""

from __future__ import annotations

import numpy as np
import pytest

from tests.data.augment.contract import Drawn
from xonet.data.augment import AUGMENTATIONS

CASES = [({"probability": 0.5},), ({"probability": 0.25},), ({"probability": 0.8},)]


def naive(augmentation, x, draw):
    """The columns from right to left, or as they were."""
    y = np.zeros_like(x)
    height, width, _ = x.shape
    mirrored = draw.uniform(1)[0] < augmentation.probability
    for i in range(height):
        for j in range(width):
            y[i, j] = x[i, width - 1 - j] if mirrored else x[i, j]
    return y


@pytest.mark.parametrize(("probability", "mirrored"), [(0.01, [1, 0, 0]), (0.51, [1, 1, 0]), (1, [1, 1, 1])])
def test_mirrors_what_drew_less_than_the_probability(probability, mirrored):
    below_one = np.nextafter(np.float32(1), np.float32(0))
    x = np.tile(np.array([1, 2, 3], np.float32)[None, None, :, None], (3, 2, 1, 2))
    flip = AUGMENTATIONS.make({"flip_horizontal": {"probability": probability}})
    y = AUGMENTATIONS.part(flip, "reference").apply(flip, x, Drawn([[0], [0.5], [below_one]]))
    assert y[:, 1, :, 1].tolist() == [[3, 2, 1] if one else [1, 2, 3] for one in mirrored]


def test_is_written_as_a_word():
    assert AUGMENTATIONS.make("flip_horizontal").probability == 0.5
