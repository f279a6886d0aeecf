"""`leaky_relu`: naive loops, its cases, the kink."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, run
from xonet.layers import LAYERS

CASES = [({}, (2, 3, 2)), ({"slope": 0.2}, (5,)), ({"slope": 1.5}, (4,))]


def value(layer, x):
    """What is negative becomes small."""
    return x if x > 0 else layer.slope * x


def test_the_slope_at_zero_is_that_of_negative_values():
    layer, x = make("leaky_relu", {}), np.zeros((1, 2))
    dx, _ = LAYERS.part(layer, "reference").backward(layer, {}, x, x, np.ones_like(x), run(True, 1))
    assert dx.tolist() == [[0.01, 0.01]]
