"""`upsample2d`: naive loops, its cases."""

from __future__ import annotations

import math

import numpy as np

from tests.layers.contract import make, refusal
from xonet.language.shapes import Shape

CASES = [
    ({"scale": 2}, (3, 4, 2)),
    ({"scale": [1, 3]}, (2, 3, 5)),
    ({"scale": 2, "mode": "bilinear"}, (3, 4, 17)),
    ({"scale": [3, 2], "mode": "bilinear"}, (2, 1, 3)),
    ({"scale": [1, 4], "mode": "bilinear"}, (3, 5, 1)),
    ({"scale": 1}, (2, 2, 1)),
]


def naive(layer, parameters, x):
    """Value by value."""
    (down, across), (height, width) = layer.scale, x.shape[1:3]
    y = np.zeros((len(x), height * down, width * across, x.shape[3]))
    for n, i, j, c in np.ndindex(y.shape):
        if layer.mode == "nearest":
            y[n, i, j, c] = x[n, math.floor(i / down), math.floor(j / across), c]
            continue
        row = min(max((i + 0.5) / down - 0.5, 0), height - 1)
        column = min(max((j + 0.5) / across - 0.5, 0), width - 1)
        for r in range(height):
            for s in range(width):
                y[n, i, j, c] += max(0, 1 - abs(row - r)) * max(0, 1 - abs(column - s)) * x[n, r, s, c]
    return y


def test_counts():
    nearest, mixed = (make("upsample2d", {"scale": [2, 3], "mode": mode}) for mode in ("nearest", "bilinear"))
    shape = Shape((4, 5, 2))
    assert nearest.output_shape(shape) == mixed.output_shape(shape) == (8, 15, 2)
    assert (nearest.macs(shape), mixed.macs(shape)) == (0, 4 * 8 * 15 * 2)
    assert nearest.arithmetic(shape) == "4 × 2 = 8, 5 × 3 = 15"


def test_refuses_a_row():
    error = refusal("upsample2d", {"scale": 2}, (4,))
    assert error.code == "needs-picture"
