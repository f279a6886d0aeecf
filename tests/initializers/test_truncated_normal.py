"""`truncated_normal`."""

from __future__ import annotations

import numpy as np

from tests.initializers.contract import draw

LEFT = 0.7737413
"""The variance of a standard normal number between -2 and 2: 1 - 2 · 2 · pdf(2) / (cdf(2) - cdf(-2))."""
CASES = [({}, 0, LEFT * 0.05**2), ({"mean": 3, "stddev": 0.5}, 3, LEFT * 0.5**2)]


def test_nothing_is_further_than_two_deviations():
    numbers = draw("truncated_normal", {"mean": 1, "stddev": 0.1})
    assert 0.19 < np.abs(numbers - 1).max() <= 0.2


def test_a_deviation_of_zero():
    assert (draw("truncated_normal", {"mean": 1, "stddev": 0}) == 1).all()
