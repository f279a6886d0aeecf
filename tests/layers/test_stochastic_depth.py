"""`stochastic_depth`: naive loops, its cases, how often it keeps a path."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, run
from xonet.layers import LAYERS

CASES = [({"rate": 0.4}, (3, 4, 5)), ({"rate": 0.6}, (7,)), ({"rate": 0.0}, (1, 2, 3)), ({"rate": 0.5}, (1,))]


def naive(layer, parameters, x):
    """Outside training, nothing happens."""
    return x


def naive_training(layer, parameters, x):
    """A picture is kept where its only random number is at least the rate."""
    numbers = run(True, len(x)).uniform(1)
    return np.array(
        [x[n] / (1 - layer.rate) if numbers[n, 0] >= layer.rate else np.zeros_like(x[n]) for n in range(len(x))]
    )


def test_drops_whole_pictures_and_keeps_the_sum():
    layer = make("stochastic_depth", {"rate": 0.25})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.ones((5000, 2, 1, 2)), run(True, 5000))
    assert (y == y[:, :1, :1, :1]).all()
    assert abs((y == 0).mean() - 0.25) < 0.02
    assert abs(y.mean() - 1) < 0.02
