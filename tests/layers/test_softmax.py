"""`softmax`: naive loops, its cases, large scores."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, power, run
from xonet.layers import LAYERS

CASES = [({}, (5,)), ({}, (2, 3, 4))]


def naive(layer, parameters, x):
    """At each place, exp of each channel divided by their sum: 1 / Σ exp(other - this)."""
    y = np.zeros_like(x)
    for place in np.ndindex(x.shape[:-1]):
        y[place] = [1 / sum(power(other - value) for other in x[place]) for value in x[place]]
    return y


def test_large_scores_do_not_overflow():
    layer = make("softmax", {})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.array([[1e4, 1e4, -1e4]]), run(False, 1))
    assert y.tolist() == [[0.5, 0.5, 0]]
