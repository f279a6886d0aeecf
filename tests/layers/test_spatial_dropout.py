"""`spatial_dropout`: naive loops, its cases, how much it keeps, what it refuses."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, refusal, run
from xonet.layers import LAYERS

CASES = [({"rate": 0.4}, (3, 4, 5)), ({"rate": 0.6}, (2, 2, 1)), ({"rate": 0.0}, (1, 2, 3))]


def naive(layer, parameters, x):
    """Outside training, nothing happens."""
    return x


def naive_training(layer, parameters, x):
    """Channel c of picture n is kept where random number c of the picture is at least the rate."""
    numbers = run(True, len(x)).uniform(x.shape[-1])
    y = np.zeros_like(x)
    for n, c in np.ndindex(numbers.shape):
        if numbers[n, c] >= layer.rate:
            y[n, :, :, c] = x[n, :, :, c] / (1 - layer.rate)
    return y


def test_drops_whole_channels_and_keeps_the_sum():
    layer = make("spatial_dropout", {"rate": 0.25})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.ones((20, 2, 3, 1000)), run(True, 20))
    assert (y == y[:, :1, :1]).all()
    assert abs((y == 0).mean() - 0.25) < 0.01
    assert abs(y.mean() - 1) < 0.01


def test_needs_a_picture():
    assert refusal("spatial_dropout", {"rate": 0.5}, (4,)).code == "needs-picture"
