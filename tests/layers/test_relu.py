"""`relu`: naive loops, its cases, the kink."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, run
from xonet.layers import LAYERS

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """The larger of it and 0."""
    return x if x > 0 else 0.0


def test_the_slope_at_zero_is_zero():
    layer, x = make("relu", {}), np.zeros((1, 2))
    dx, _ = LAYERS.part(layer, "reference").backward(layer, {}, x, x, np.ones_like(x), run(True, 1))
    assert dx.tolist() == [[0, 0]]
