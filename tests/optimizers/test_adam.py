"""`adam`: its cases, and its first step."""

from __future__ import annotations

import numpy as np

from tests.optimizers.contract import trajectory

CASES = [
    ({}, "Adam", {}),
    (
        {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weight_decay": 0.1},
        "Adam",
        {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1},
    ),
]


def test_the_first_step_is_as_long_as_the_rate():
    parameters, _ = trajectory("adam", {}, np.array([0.0, 100.0]), 1)
    np.testing.assert_allclose(parameters, [0.1, 99.9], rtol=1e-6)
