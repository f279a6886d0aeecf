"""`rmsprop` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.optimizers.rmsprop import Rmsprop


def step(
    optimizer: Rmsprop,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters` and all arrays of `state` in place."""
    gradient = gradient + optimizer.weight_decay * parameters
    square, kept = state["square"], optimizer.alpha
    square[...] = kept * square + (1 - kept) * gradient * gradient
    spread = square
    if optimizer.centered:
        mean = state["mean"]
        mean[...] = kept * mean + (1 - kept) * gradient
        spread = np.maximum(square - mean * mean, 0)  # rounding may leave less than 0
    direction = gradient / (np.sqrt(spread) + optimizer.epsilon)
    if optimizer.momentum:
        velocity = state["velocity"]
        velocity[...] = optimizer.momentum * velocity + direction
        direction = velocity
    parameters -= learning_rate * direction
