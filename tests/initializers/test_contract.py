"""Every initializer keeps to the contract of its family.

`tests/initializers/test_<word>.py` has `CASES`, a list of (knobs, mean, variance) for weights of `SHAPE`.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.initializers.contract import SHAPE, draw
from tests.members import cases, has_tests, own_tests
from xonet.initializers import INITIALIZERS

EVERY_CASE = pytest.mark.parametrize(("word", "knobs", "mean", "variance"), cases(INITIALIZERS))


@pytest.mark.parametrize("word", INITIALIZERS.members)
def test_has_cases(word):
    assert has_tests(INITIALIZERS, word) and own_tests(INITIALIZERS, word).CASES


@EVERY_CASE
def test_shape_mean_and_variance(word, knobs, mean, variance):
    weights = draw(word, knobs)
    assert weights.shape == SHAPE
    assert weights.dtype == np.float64
    assert weights.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / weights.size))
    assert weights.var() == pytest.approx(variance, rel=0.05)


@EVERY_CASE
def test_the_same_generator_gives_the_same_weights(word, knobs, mean, variance):
    np.testing.assert_array_equal(draw(word, knobs, seed=3), draw(word, knobs, seed=3))
