"""`lion` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.optimizers.lion import Lion


def step(
    optimizer: Lion,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters` and `state["mean"]` in place."""
    mean = state["mean"]
    parameters *= 1 - learning_rate * optimizer.weight_decay
    parameters -= learning_rate * np.sign(optimizer.beta1 * mean + (1 - optimizer.beta1) * gradient)
    mean[...] = optimizer.beta2 * mean + (1 - optimizer.beta2) * gradient
