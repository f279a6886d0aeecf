"""`softsign`: its cases, and what it makes of one number."""

from __future__ import annotations

from tests.layers.contract import shape

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """In another way than the layer's own."""
    return 1 - 1 / (1 + x) if x > 0 else 1 / (1 - x) - 1


def drawn(rng):
    """Knobs and a shape."""
    return {}, shape(rng)
