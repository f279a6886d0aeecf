"""`adadelta`: its cases."""

from __future__ import annotations

from xonet.optimizers import OPTIMIZERS

CASES = [
    ({}, "Adadelta", {}),
    ({"weight_decay": 0.1, "epsilon": 1e-2, "rho": 0.8}, "Adadelta", {"weight_decay": 0.1, "eps": 1e-2, "rho": 0.8}),
]


def test_needs_no_learning_rate():
    assert OPTIMIZERS.make("adadelta").learning_rate == 1
