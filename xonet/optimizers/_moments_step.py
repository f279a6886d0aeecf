"""The step that `adam` and `adamw` share, in plain NumPy."""

from __future__ import annotations

import math

import numpy as np

from xonet.optimizers._moments import Moments


def moments_step(
    optimizer: Moments,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters`, `state["mean"]` and `state["square"]` in place (Kingma and Ba 2015, algorithm 1)."""
    beta1, beta2 = optimizer.beta1, optimizer.beta2
    mean, square = state["mean"], state["square"]
    mean[...] = beta1 * mean + (1 - beta1) * gradient
    square[...] = beta2 * square + (1 - beta2) * gradient * gradient
    # Both begin at zero: at first they are too small by exactly these factors.
    mean_factor, square_factor = 1 - beta1**number, 1 - beta2**number
    size = np.sqrt(square) / math.sqrt(square_factor) + optimizer.epsilon
    parameters -= (learning_rate / mean_factor) * mean / size
