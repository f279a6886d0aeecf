"""`hard_sigmoid`: its cases, and what it makes of one number."""

from __future__ import annotations

from tests.layers.contract import shape

CASES = [({}, (2, 3, 2)), ({}, (5,))]
FLOAT64 = 1e-7  # PyTorch's gradient has 1/6 as a float32


def value(layer, x):
    """In another way than the layer's own."""
    return 0 if x < -3 else 1 if x > 3 else 0.5 + x / 6


def drawn(rng):
    """Knobs and a shape."""
    return {}, shape(rng)
