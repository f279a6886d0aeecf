"""`absolute_error`: a loop, its cases, the deck's number."""

from __future__ import annotations

import numpy as np

from xonet.losses import LOSSES

CASES = [({},), ({"reduce": "mean"},)]


def naive(loss, scores, targets):
    """The sum of what is missing or too much."""
    total = sum(abs(target - score) for score, target in zip(scores, targets, strict=True))
    return total / len(scores) if loss.reduce == "mean" else total


def test_an_x_that_got_votes_of_092_and_051_has_an_error_of_008_and_051():
    loss = LOSSES.make("absolute_error")
    error = LOSSES.part(loss, "reference").forward(loss, np.array([[0.92, 0.51]]), np.array([[1.0, 0.0]]))
    np.testing.assert_allclose(error, [0.59])


def test_a_right_answer_has_no_slope():
    loss = LOSSES.make("absolute_error")
    assert LOSSES.part(loss, "reference").backward(loss, np.ones((1, 2)), np.ones((1, 2))).tolist() == [[0, 0]]
