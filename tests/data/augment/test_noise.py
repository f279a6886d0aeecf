"""`noise`: naive loops and its cases."""

from __future__ import annotations

import numpy as np

from tests.data.augment.contract import Drawn
from xonet.data.augment import AUGMENTATIONS

CASES = [({"stddev": 0.3},), ({"stddev": 20},)]


def naive(augmentation, x, draw):
    """Every value plus a number of its own, in memory order."""
    numbers = iter(draw.normal(x.size))
    return np.array([value + augmentation.stddev * next(numbers) for value in x.ravel()]).reshape(x.shape)


def test_adds_its_numbers_in_memory_order():
    x = np.arange(24, dtype=np.float32).reshape(2, 2, 3, 2)
    numbers = np.random.default_rng(1).standard_normal((2, 12)).astype(np.float32)
    noise = AUGMENTATIONS.make({"noise": {"stddev": 0.25}})
    y = AUGMENTATIONS.part(noise, "reference").apply(noise, x, Drawn(numbers))
    assert np.allclose(y.ravel(), x.ravel() + 0.25 * numbers.ravel())
