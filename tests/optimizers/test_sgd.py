"""`sgd`: its cases, and two steps by hand."""

from __future__ import annotations

import numpy as np

from xonet.optimizers import OPTIMIZERS

CASES = [
    ({}, "SGD", {}),
    ({"weight_decay": 0.1}, "SGD", {"weight_decay": 0.1}),
    ({"momentum": 0.9}, "SGD", {"momentum": 0.9}),
    (
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.05},
        "SGD",
        {"momentum": 0.9, "nesterov": True, "weight_decay": 0.05},
    ),
]


def test_by_hand():
    """Two steps with momentum 0.5 and rate 0.1 on a slope of 1: 0.1, then 0.1 · 1.5."""
    sgd = OPTIMIZERS.make({"sgd": {"learning_rate": 0.1, "momentum": 0.5}})
    parameters, state = np.zeros(1), {"velocity": np.zeros(1)}
    for number in (1, 2):
        OPTIMIZERS.part(sgd, "reference").step(sgd, parameters, np.ones(1), state, 0.1, number)
    np.testing.assert_allclose(parameters, [-0.25])
    np.testing.assert_allclose(state["velocity"], [1.5])
