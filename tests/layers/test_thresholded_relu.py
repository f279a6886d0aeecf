"""`thresholded_relu`: its cases, what it makes of one number, and of exactly the threshold."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, run, shape
from xonet.layers import LAYERS

CASES = [({}, (2, 3, 2)), ({"alpha": 0.25}, (5,)), ({"alpha": -1}, (4,))]


def value(layer, x):
    """In another way than the layer's own."""
    return x if x > layer.alpha else 0


def drawn(rng):
    """Knobs and a shape."""
    return {"alpha": float(rng.normal())}, shape(rng)


def test_what_is_exactly_the_threshold_becomes_zero():
    layer, x = make("thresholded_relu", {}), np.array([[1.0, 1.5, np.nan]])
    reference = LAYERS.part(layer, "reference")
    y = reference.forward(layer, {}, x, run(True, 1))
    np.testing.assert_array_equal(y, [[0, 1.5, np.nan]])
    np.testing.assert_array_equal(reference.backward(layer, {}, x, y, np.ones_like(x), run(True, 1))[0], [[0, 1, 1]])
