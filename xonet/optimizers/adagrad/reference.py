"""`adagrad` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.optimizers.adagrad import Adagrad


def step(
    optimizer: Adagrad,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters` and `state["total"]` in place; that begins at zero, so what it begins with is added here."""
    gradient = gradient + optimizer.weight_decay * parameters
    total = state["total"]
    total += gradient * gradient
    parameters -= learning_rate * gradient / (np.sqrt(total + optimizer.initial_accumulator) + optimizer.epsilon)
