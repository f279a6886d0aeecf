"""`cosine_distance`: a loop, its cases, vectors of no length."""

from __future__ import annotations

import math

import numpy as np

from xonet.losses import LOSSES

CASES = [({},)]


def naive(loss, scores, targets):
    """One minus the product of both, each at length 1."""
    along = sum(score * target for score, target in zip(scores, targets, strict=True))
    return 1 - along / math.hypot(*scores) / math.hypot(*targets)


def test_an_answer_of_zeros_is_as_far_as_one_at_right_angles():
    loss = LOSSES.make("cosine_distance")
    reference = LOSSES.part(loss, "reference")
    assert reference.forward(loss, np.zeros((1, 3)), np.ones((1, 3))).tolist() == [1]
    assert np.isfinite(reference.backward(loss, np.zeros((1, 3)), np.ones((1, 3)))).all()
