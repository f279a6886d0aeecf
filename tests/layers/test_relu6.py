"""`relu6`: naive loops, its cases, both ends."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, run
from xonet.layers import LAYERS

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """Neither below zero nor above six."""
    return 0.0 if x < 0 else 6.0 if x > 6 else x


def test_both_ends():
    layer, x = make("relu6", {}), np.array([[-1.0, 0.0, 3.0, 6.0, 7.0]])
    reference = LAYERS.part(layer, "reference")
    y = reference.forward(layer, {}, x, run(True, 1))
    dx, _ = reference.backward(layer, {}, x, y, np.ones_like(x), run(True, 1))
    assert y.tolist() == [[0, 0, 3, 6, 6]] and dx.tolist() == [[0, 0, 1, 0, 0]]
