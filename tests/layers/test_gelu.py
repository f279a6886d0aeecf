"""`gelu`: its cases, and what it makes of one number."""

from __future__ import annotations

import math

from tests.layers.contract import shape

CASES = [({}, (2, 3, 2)), ({"approximate": "tanh"}, (5,)), ({"approximate": "none"}, (4,))]


def value(layer, x):
    """In another way than the layer's own."""
    if layer.approximate == "tanh":
        return x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return x / 2 * math.erfc(-x / math.sqrt(2))


def drawn(rng):
    """Knobs and a shape."""
    return {"approximate": str(rng.choice(["none", "tanh"]))}, shape(rng)
