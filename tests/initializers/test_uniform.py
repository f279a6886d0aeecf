"""`uniform`: its cases, and its bounds."""

from __future__ import annotations

from tests.initializers.contract import draw

CASES = [({}, 0, 0.1**2 / 12), ({"low": 1, "high": 3}, 2, 2**2 / 12)]


def test_fills_its_bounds():
    weights = draw("uniform", {"low": 1, "high": 3})
    assert 1 <= weights.min() < 1.01
    assert 2.99 < weights.max() <= 3
