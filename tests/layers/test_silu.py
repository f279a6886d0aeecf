"""`silu`: its cases, and what it makes of one number."""

from __future__ import annotations

from tests.layers.contract import power, shape

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """In another way than the layer's own."""
    return x / (1 + power(-x))


def drawn(rng):
    """Knobs and a shape."""
    return {}, shape(rng)
