"""`scale`: its cases, and what it makes of one number."""

from __future__ import annotations

from tests.layers.contract import shape

CASES = [({"factor": 0.5}, (2, 3, 2)), ({"factor": -3}, (5,)), ({"factor": 0}, (4,))]


def value(layer, x):
    """In another way than the layer's own: in halves."""
    return layer.factor / 2 * x + layer.factor / 2 * x


def drawn(rng):
    """Knobs and a shape."""
    return {"factor": float(rng.normal() * 3)}, shape(rng)
