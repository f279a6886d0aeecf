"""`rmsprop`: its cases, and what it keeps."""

from __future__ import annotations

import numpy as np
import pytest

from tests.optimizers.contract import trajectory
from xonet.optimizers import OPTIMIZERS

CASES = [
    ({}, "RMSprop", {}),
    ({"alpha": 0.9, "epsilon": 1e-3, "weight_decay": 0.1}, "RMSprop", {"alpha": 0.9, "eps": 1e-3, "weight_decay": 0.1}),
    ({"momentum": 0.5, "weight_decay": 0.1}, "RMSprop", {"momentum": 0.5, "weight_decay": 0.1}),
    (
        {"momentum": 0.5, "centered": True, "epsilon": 1e-2},
        "RMSprop",
        {"momentum": 0.5, "centered": True, "eps": 1e-2},
    ),
]


@pytest.mark.parametrize(
    ("knobs", "kept"),
    [
        ({}, ("square",)),
        ({"momentum": 0.9}, ("square", "velocity")),
        ({"centered": True}, ("square", "mean")),
        ({"momentum": 0.9, "centered": True}, ("square", "velocity", "mean")),
    ],
)
def test_keeps_what_its_knobs_need(knobs, kept):
    assert OPTIMIZERS.make({"rmsprop": {"learning_rate": 0.1, **knobs}}).state == kept


def test_centered_never_takes_the_root_of_less_than_zero():
    """A gradient that stays the same has no spread: in float32 mean² is larger than the mean square at times."""
    rmsprop = OPTIMIZERS.make({"rmsprop": {"learning_rate": 0.1, "centered": True}})
    parameters, gradient = np.zeros(1000, np.float32), np.linspace(0.1, 1, 1000, dtype=np.float32)
    state = {name: np.zeros_like(parameters) for name in rmsprop.state}
    for number in range(1, 3000):
        OPTIMIZERS.part(rmsprop, "reference").step(rmsprop, parameters, gradient, state, 1e-9, number)
    assert (state["square"] < state["mean"] ** 2).any() and np.isfinite(parameters).all()


def test_the_first_step_is_by_hand():
    """√(0.01 · g²) is a tenth of g, so the first step is ten times the rate."""
    parameters, _ = trajectory("rmsprop", {}, np.array([0.0]), 1)
    np.testing.assert_allclose(parameters, [1.0], rtol=1e-6)
