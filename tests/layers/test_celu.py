"""`celu`: its cases, and what it makes of one number."""

from __future__ import annotations

import math

from tests.layers.contract import shape

CASES = [({}, (2, 3, 2)), ({"alpha": 0.3}, (5,)), ({"alpha": 20}, (4,))]
FLOAT64 = 1e-7  # PyTorch's gradient has alpha, and 1 / alpha, as float32


def value(layer, x):
    """In another way than the layer's own."""
    return max(0, x) + min(0, layer.alpha * math.expm1(min(x, 0) / layer.alpha))


def drawn(rng):
    """Knobs and a shape."""
    return {"alpha": float(rng.choice([0.01, 0.3, 1, 2.5, 40]))}, shape(rng)
