"""`lamb`: its cases, held to the paper's formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xonet.optimizers import OPTIMIZERS

CASES = [
    ({}, None, {}),
    ({"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weight_decay": 0.1}, None, {}),
]


def naive(optimizer, p, gradient, kept, rate, number):
    """You et al. 2020, algorithm 2, value by value; the ratio is 1 for what has one dimension, as in timm."""
    update = {}
    for i, g in np.ndenumerate(gradient):
        m = kept["m", i] = optimizer.beta1 * kept.get(("m", i), 0.0) + (1 - optimizer.beta1) * g
        v = kept["v", i] = optimizer.beta2 * kept.get(("v", i), 0.0) + (1 - optimizer.beta2) * g**2
        m, v = m / (1 - optimizer.beta1**number), v / (1 - optimizer.beta2**number)
        update[i] = m / (math.sqrt(v) + optimizer.epsilon) + optimizer.weight_decay * p[i]
    weights, moved = math.hypot(*(p[i] for i in update)), math.hypot(*update.values())
    ratio = weights / moved if p.ndim > 1 and weights > 0 and moved > 0 else 1
    for i in update:
        p[i] -= rate * ratio * update[i]


@pytest.mark.parametrize(("weights", "gradient"), [(0.0, 1.0), (1.0, 0.0)])
def test_where_a_norm_is_zero_the_ratio_is_one(weights, gradient):
    lamb = OPTIMIZERS.make({"lamb": {"learning_rate": 0.1}})
    parameters = np.full((2, 2), weights)
    state = {name: np.zeros((2, 2)) for name in lamb.state}
    OPTIMIZERS.part(lamb, "reference").step(lamb, parameters, np.full((2, 2), gradient), state, 0.1, 1)
    np.testing.assert_allclose(parameters, weights - 0.1 * gradient, rtol=1e-5)
