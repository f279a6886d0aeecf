"""`softplus`: its cases, what it makes of one number, and its threshold."""

from __future__ import annotations

import math

import numpy as np

from tests.layers.contract import make, power, run, shape
from xonet.layers import LAYERS

CASES = [({}, (2, 3, 2)), ({"beta": 4, "threshold": 5}, (5,)), ({"beta": 0.1, "threshold": 1000}, (4,))]


def value(layer, x):
    """In another way than the layer's own."""
    z = layer.beta * x
    return x if z > layer.threshold or z > 50 else math.log1p(power(z)) / layer.beta


def drawn(rng):
    """Knobs and a shape."""
    return {"beta": float(rng.choice([0.1, 1, 3])), "threshold": float(rng.choice([-1, 0.5, 5, 20]))}, shape(rng)


def test_it_is_x_above_the_threshold_only():
    layer, x = make("softplus", {"beta": 2, "threshold": 3}), np.array([[1.5, 1.6]])
    y = LAYERS.part(layer, "reference").forward(layer, {}, x, run(False, 1))
    np.testing.assert_allclose(y, [[math.log1p(math.exp(3)) / 2, 1.6]], rtol=1e-15)
