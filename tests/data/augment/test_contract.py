"""Every augmentation keeps to the contract of its family.

`tests/data/augment/test_<word>.py` has `CASES`, a list of (knobs,), and `naive(augmentation, picture, draw)`, one
picture in loops, with a `draw` of random numbers for that picture alone.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.members import cases, has_tests, own_tests
from xonet.data.augment import AUGMENTATIONS
from xonet.engine.reference import Draw

EVERY_CASE = pytest.mark.parametrize(("word", "knobs"), cases(AUGMENTATIONS))
SHAPES = [(1, 1, 1), (2, 7, 3), (6, 5, 2), (28, 28, 1)]


class Own:
    """The numbers of one picture of a batch."""

    def __init__(self, draw, picture):
        self.draw, self.picture = draw, picture

    def uniform(self, count):
        return self.draw.uniform(count)[self.picture]

    def normal(self, count):
        return self.draw.normal(count)[self.picture]


def pictures(shape, count=4):
    return np.random.default_rng(0).normal(size=(count, *shape)).astype(np.float32)


def applied(word, knobs, x, draw):
    augmentation = AUGMENTATIONS.make({word: knobs})
    return AUGMENTATIONS.part(augmentation, "reference").apply(augmentation, x, draw)


@pytest.mark.parametrize("word", AUGMENTATIONS.members)
def test_has_cases(word):
    assert has_tests(AUGMENTATIONS, word) and own_tests(AUGMENTATIONS, word).CASES


@EVERY_CASE
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_is_what_naive_loops_compute(word, knobs, shape):
    augmentation, x, draw = AUGMENTATIONS.make({word: knobs}), pictures(shape), Draw(3, 2, 1, 4)
    y, naive = applied(word, knobs, x, draw), own_tests(AUGMENTATIONS, word).naive
    for number, picture in enumerate(x):
        np.testing.assert_allclose(y[number], naive(augmentation, picture, Own(draw, number)), rtol=1e-5, atol=1e-6)


@EVERY_CASE
def test_keeps_the_float_type_and_changes_no_argument(word, knobs):
    x = pictures((6, 5, 2))
    kept = x.copy()
    y = applied(word, knobs, x, Draw(3, 2, 1, 4))
    assert y.dtype == np.float32 and y.shape == x.shape
    np.testing.assert_array_equal(x, kept)


@EVERY_CASE
def test_every_step_and_every_picture_draws_numbers_of_its_own(word, knobs):
    x = np.repeat(pictures((6, 5, 2), 1), 9, axis=0)
    steps = [applied(word, knobs, x, Draw(3, 2, step, 9)) for step in range(3)]
    assert all((one != other).any() for one, other in pairwise(steps))
    assert all((step != step[0]).any() for step in steps)
    np.testing.assert_array_equal(applied(word, knobs, x[:2], Draw(3, 2, 0, 2)), steps[0][:2])
