"""`selu`: its cases, what it makes of one number, and how weights before it begin."""

from __future__ import annotations

import json
import math

import numpy as np

import xonet
from tests.layers.contract import shape

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def value(layer, x):
    """In another way than the layer's own."""
    return 1.0507009873554804934193349852946 * (x if x > 0 else 1.6732632423543772848170429916717 * math.expm1(x))


def drawn(rng):
    """Knobs and a shape."""
    return {}, shape(rng)


def test_values_keep_mean_0_and_variance_1_with_the_default_weights():
    layers = [{"dense": {"units": 200, "bias": False}}, "selu"] * 8
    network = xonet.loads(json.dumps({"xonet": 1, "input": {"features": 200}, "layers": layers}))
    y = xonet.Model(network, seed=0).predict(np.random.default_rng(0).normal(size=(500, 200)))
    assert abs(y.mean()) < 0.15 and abs(y.std() - 1) < 0.15
