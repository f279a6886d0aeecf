"""`tanh`: naive loops and its cases."""

from __future__ import annotations

from tests.layers.contract import power

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), which is 1 - 2 / (exp(2x) + 1)."""
    return 1 - 2 / (power(2 * x) + 1)
