"""`lamb` in plain NumPy."""

from __future__ import annotations

import math

import numpy as np

from xonet.optimizers.lamb import Lamb


def step(
    optimizer: Lamb,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters`, one whole tensor, and both arrays of `state` in place."""
    beta1, beta2 = optimizer.beta1, optimizer.beta2
    mean, square = state["mean"], state["square"]
    mean[...] = beta1 * mean + (1 - beta1) * gradient
    square[...] = beta2 * square + (1 - beta2) * gradient * gradient
    size = np.sqrt(square / (1 - beta2**number)) + optimizer.epsilon
    update = mean / (1 - beta1**number) / size + optimizer.weight_decay * parameters
    ratio = 1.0
    if parameters.ndim > 1:
        norms = math.sqrt((parameters * parameters).sum()), math.sqrt((update * update).sum())
        ratio = norms[0] / norms[1] if all(norms) else 1.0
    parameters -= learning_rate * ratio * update
