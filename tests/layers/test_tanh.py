"""`tanh`: naive loops and its cases."""

from __future__ import annotations

import math

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    return (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x))
