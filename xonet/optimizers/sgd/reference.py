"""`sgd` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.optimizers.sgd import Sgd


def step(
    optimizer: Sgd,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters` and `state["velocity"]` in place."""
    gradient = gradient + optimizer.weight_decay * parameters
    velocity = state["velocity"]
    velocity[...] = optimizer.momentum * velocity + gradient
    direction = gradient + optimizer.momentum * velocity if optimizer.nesterov else velocity
    parameters -= learning_rate * direction
