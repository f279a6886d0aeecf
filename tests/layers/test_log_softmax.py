"""`log_softmax`: naive loops, its cases, large scores."""

from __future__ import annotations

import math

import numpy as np

from tests.layers.contract import make, run, shape
from xonet.layers import LAYERS

CASES = [({}, (5,)), ({}, (2, 3, 4)), ({}, (20,))]


def naive(layer, parameters, x):
    """At each place, for each channel, -log Σ exp(other - this)."""
    y = np.zeros_like(x)
    for place in np.ndindex(x.shape[:-1]):
        most = max(x[place])
        for c, value in enumerate(x[place]):
            y[place][c] = value - most - math.log(sum(math.exp(other - most) for other in x[place]))
    return y


def drawn(rng):
    """Knobs and a shape."""
    return {}, shape(rng)


def test_large_scores_do_not_overflow():
    layer = make("log_softmax", {})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.array([[1e4, 1e4, -1e4]]), run(False, 1))
    np.testing.assert_allclose(y, [[-math.log(2), -math.log(2), -2e4 - math.log(2)]], rtol=1e-15)
