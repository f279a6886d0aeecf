"""`global_max_pool2d`: naive loops, its cases, ties."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, run
from xonet.layers import LAYERS

CASES = [({}, (3, 4, 2)), ({}, (1, 1, 3))]


def naive(layer, parameters, x):
    """The greatest of each channel."""
    return np.array([[max(picture[..., c].ravel()) for c in range(x.shape[-1])] for picture in x])


def test_a_tie_goes_to_the_first_in_reading_order():
    layer = make("global_max_pool2d", {})
    x = np.array([[1.0, 4.0], [4.0, 4.0]]).reshape(1, 2, 2, 1)
    dx, _ = LAYERS.part(layer, "reference").backward(layer, {}, x, np.array([[4.0]]), np.array([[3.0]]), run(True, 1))
    assert dx.ravel().tolist() == [0, 3, 0, 0]
