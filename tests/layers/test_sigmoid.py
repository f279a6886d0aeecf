"""`sigmoid`: naive loops, its cases, far from zero."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, power, run
from xonet.layers import LAYERS

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """1 / (1 + exp(-x))."""
    return 1 / (1 + power(-x))


def test_overflows_nowhere():
    layer = make("sigmoid", {})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.array([[-1e4, 1e4]]), run(False, 1))
    assert y.tolist() == [[0, 1]]
