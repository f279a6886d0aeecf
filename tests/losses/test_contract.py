"""Every loss keeps to the contract of its family.

`tests/losses/test_<word>.py` has `CASES`, a list of (knobs,), and `naive(loss, scores, targets)` for one picture.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import assert_close, slope
from tests.members import cases, has_tests, own_tests
from xonet.losses import LOSSES

EVERY_CASE = pytest.mark.parametrize(("word", "knobs"), cases(LOSSES))


def batch(dtype=np.float64, scale=1):
    """Scores and targets of four pictures and three classes."""
    rng = np.random.default_rng(0)
    return (scale * rng.normal(size=(4, 3))).astype(dtype), np.eye(3, dtype=dtype)[[0, 2, 1, 1]]


@pytest.mark.parametrize("word", LOSSES.members)
def test_has_cases(word):
    assert has_tests(LOSSES, word) and own_tests(LOSSES, word).CASES


@EVERY_CASE
@pytest.mark.parametrize("scale", [1, 10, 1e4])
def test_forward_is_what_a_loop_computes(word, knobs, scale):
    loss, (scores, targets) = LOSSES.make({word: knobs}), batch(scale=scale)
    expected = [own_tests(LOSSES, word).naive(loss, *pair) for pair in zip(scores, targets, strict=True)]
    np.testing.assert_allclose(LOSSES.part(loss, "reference").forward(loss, scores, targets), expected, rtol=1e-12)


@EVERY_CASE
@pytest.mark.parametrize("mixed", [False, True], ids=["one class", "mixed classes"])
def test_backward_is_the_slope_of_each_pictures_loss(word, knobs, mixed):
    loss, (scores, targets) = LOSSES.make({word: knobs}), batch()
    if mixed:
        targets = (targets + targets[::-1]) / 2
    reference = LOSSES.part(loss, "reference")
    expected = slope(lambda: float(reference.forward(loss, scores, targets).sum()), scores)
    assert_close(reference.backward(loss, scores, targets), expected, 1e-6)


@EVERY_CASE
def test_keeps_the_float_type(word, knobs):
    loss, (scores, targets) = LOSSES.make({word: knobs}), batch(np.float32)
    reference = LOSSES.part(loss, "reference")
    assert reference.forward(loss, scores, targets).dtype == np.float32
    assert reference.backward(loss, scores, targets).dtype == np.float32
    assert reference.probabilities(loss, scores).dtype == np.float32
