"""`adam` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.optimizers._moments_step import moments_step
from xonet.optimizers.adam import Adam


def step(
    optimizer: Adam,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters` and both vectors of `state` in place."""
    moments_step(optimizer, parameters, gradient + optimizer.weight_decay * parameters, state, learning_rate, number)
