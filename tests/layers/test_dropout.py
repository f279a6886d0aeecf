"""`dropout`: naive loops, its cases, and how much it keeps."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, run
from xonet.layers import LAYERS

CASES = [({"rate": 0.4}, (3, 4, 2)), ({"rate": 0.0}, (5,))]


def naive(layer, parameters, x):
    """Outside training, nothing happens."""
    return x


def naive_training(layer, parameters, x):
    """Value p of picture n is kept where random number p of the picture is at least the rate."""
    pictures = x.reshape(len(x), -1)
    numbers = run(True, len(x)).uniform(pictures.shape[1])
    y = np.zeros_like(pictures)
    for n, p in np.ndindex(pictures.shape):
        if numbers[n, p] >= layer.rate:
            y[n, p] = pictures[n, p] / (1 - layer.rate)
    return y.reshape(x.shape)


def test_keeps_its_share_and_the_sum():
    layer = make("dropout", {"rate": 0.25})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.ones((20, 1000)), run(True, 20))
    assert abs((y == 0).mean() - 0.25) < 0.01
    assert abs(y.mean() - 1) < 0.01
