"""`adagrad`: its cases."""

from __future__ import annotations

CASES = [
    ({}, "Adagrad", {}),
    (
        {"weight_decay": 0.1, "epsilon": 1e-3, "initial_accumulator": 0.1},
        "Adagrad",
        {"weight_decay": 0.1, "eps": 1e-3, "initial_accumulator_value": 0.1},
    ),
]
