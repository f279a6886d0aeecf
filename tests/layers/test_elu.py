"""`elu`: its cases, and what it makes of one number."""

from __future__ import annotations

import math

from tests.layers.contract import shape

CASES = [({}, (2, 3, 2)), ({"alpha": 0.3}, (5,)), ({"alpha": 0}, (4,))]


def value(layer, x):
    """In another way than the layer's own."""
    return x if x > 0 else layer.alpha * (math.exp(x) - 1)


def drawn(rng):
    """Knobs and a shape."""
    return {"alpha": float(rng.choice([0, 0.1, 1, 1.7, 30]))}, shape(rng)
