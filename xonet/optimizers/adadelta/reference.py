"""`adadelta` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.optimizers.adadelta import Adadelta


def step(
    optimizer: Adadelta,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters` and both arrays of `state` in place."""
    gradient = gradient + optimizer.weight_decay * parameters
    square, moved, rho = state["square"], state["moved"], optimizer.rho
    square[...] = rho * square + (1 - rho) * gradient * gradient
    change = np.sqrt(moved + optimizer.epsilon) / np.sqrt(square + optimizer.epsilon) * gradient
    moved[...] = rho * moved + (1 - rho) * change * change
    parameters -= learning_rate * change
