"""`adamw` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.optimizers._moments_step import moments_step
from xonet.optimizers.adamw import Adamw


def step(
    optimizer: Adamw,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters` and both vectors of `state` in place."""
    parameters *= 1 - learning_rate * optimizer.weight_decay
    moments_step(optimizer, parameters, gradient, state, learning_rate, number)
