"""`lion`: its cases, held to the paper's formula, and that what is not finite is not hidden."""

from __future__ import annotations

import numpy as np

from tests.optimizers.contract import trajectory
from xonet.optimizers import OPTIMIZERS

CASES = [({}, None, {}), ({"weight_decay": 0.3, "beta1": 0.5, "beta2": 0.8}, None, {})]


def naive(optimizer, p, gradient, kept, rate, number):
    """Chen et al. 2023, algorithm 2, value by value."""
    for i, g in np.ndenumerate(gradient):
        m = kept.setdefault(("m", i), 0.0)
        update = optimizer.beta1 * m + (1 - optimizer.beta1) * g
        sign = 1 if update > 0 else -1 if update < 0 else 0
        p[i] = p[i] - rate * (sign + optimizer.weight_decay * p[i])
        kept["m", i] = optimizer.beta2 * m + (1 - optimizer.beta2) * g


def test_where_nothing_pulls_nothing_moves():
    parameters, _ = trajectory("lion", {}, np.array([1.0, 3.0]), 1)
    np.testing.assert_allclose(parameters, [1.0, 2.9])


def test_a_nan_stays_one():
    lion = OPTIMIZERS.make({"lion": {"learning_rate": 0.1}})
    parameters = np.zeros(1)
    OPTIMIZERS.part(lion, "reference").step(lion, parameters, np.array([np.nan]), {"mean": np.zeros(1)}, 0.1, 1)
    assert np.isnan(parameters).all()
