"""`gaussian_noise`: naive loops, its cases, mean and deviation of what it adds."""

from __future__ import annotations

import math

import numpy as np

from tests.layers.contract import make, run
from xonet.layers import LAYERS

CASES = [({"stddev": 0.4}, (3, 3, 3)), ({"stddev": 2}, (7,)), ({"stddev": 0}, (1, 2, 3)), ({"stddev": 100}, (1,))]


def naive(layer, parameters, x):
    """Outside training, nothing happens."""
    return x


def naive_training(layer, parameters, x):
    """Two values of a picture get two numbers made of two of its random numbers."""
    pictures = x.reshape(len(x), -1)
    numbers = run(True, len(x)).uniform(pictures.shape[1] + 1).astype(float)
    y = np.zeros_like(pictures)
    for n, p in np.ndindex(pictures.shape):
        u, v = numbers[n, p - p % 2], numbers[n, p - p % 2 + 1]
        wave = math.sin if p % 2 else math.cos
        y[n, p] = pictures[n, p] + layer.stddev * math.sqrt(-2 * math.log(1 - u)) * wave(2 * math.pi * v)
    return y.reshape(x.shape)


def test_adds_what_is_normally_distributed():
    layer = make("gaussian_noise", {"stddev": 0.5})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.full((20, 1000), 3.0), run(True, 20))
    assert abs(y.mean() - 3) < 0.02
    assert abs(y.std() - 0.5) < 0.01
    assert abs((abs(y - 3) < 0.5).mean() - 0.6827) < 0.01


def test_neighbours_have_nothing_to_do_with_each_other():
    layer = make("gaussian_noise", {"stddev": 1})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.zeros((20, 1000)), run(True, 20))
    for apart in (1, 2, 3):
        assert abs((y[:, apart:] * y[:, :-apart]).mean()) < 0.03
