"""`sparse`."""

from __future__ import annotations

from tests.initializers.contract import draw

CASES = [({}, 0, 15 / 40), ({"connections": 4, "stddev": 0.5}, 0, 0.25 * 4 / 40), ({"connections": 99}, 0, 1.0)]
"""Weights for 40 features: as many of them as reach a feature, times their own variance."""


def test_the_others_are_zero():
    weights = draw("sparse", {"connections": 10})
    assert abs((weights != 0).mean() - 10 / 40) < 0.01
