"""`muon` in plain NumPy."""

from __future__ import annotations

import math

import numpy as np

from xonet.optimizers.adamw.reference import step as adamw_step
from xonet.optimizers.muon import Muon


def step(
    optimizer: Muon,
    parameters: np.ndarray,
    gradient: np.ndarray,
    state: dict[str, np.ndarray],
    learning_rate: float,
    number: int,
) -> None:
    """Changes `parameters`, one whole tensor, and its `state` in place; of weights, `state["mean"]` alone."""
    if parameters.ndim < 2:
        own_rate = learning_rate / optimizer.learning_rate * optimizer.adamw.learning_rate
        adamw_step(optimizer.adamw, parameters, gradient, state, own_rate, number)
        return
    kept, mean = optimizer.momentum, state["mean"]
    mean[...] = kept * mean + (1 - kept) * gradient
    update = kept * mean + (1 - kept) * gradient if optimizer.nesterov else mean
    matrix = update.reshape(len(update), -1)
    ratio = optimizer.rate_ratio(*matrix.shape)
    parameters *= 1 - learning_rate * optimizer.weight_decay
    parameters -= learning_rate * ratio * orthogonal(optimizer, matrix).reshape(parameters.shape)


def orthogonal(optimizer: Muon, matrix: np.ndarray) -> np.ndarray:
    """The matrix with singular values all near 1: an iteration of Newton and Schulz."""
    a, b, c = optimizer.coefficients
    x = matrix if len(matrix) <= matrix.shape[1] else matrix.T
    x = x / max(math.sqrt((x * x).sum()), optimizer.epsilon)
    for _ in range(optimizer.iterations):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x if len(matrix) <= matrix.shape[1] else x.T
