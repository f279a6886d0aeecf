"""`leaky_relu` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.leaky_relu import LeakyRelu


def forward(layer: LeakyRelu, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return np.where(x > 0, x, layer.slope * x)


def backward(
    layer: LeakyRelu, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradient passes where x is positive, and is shrunk elsewhere, also at exactly 0."""
    return np.where(x > 0, dy, layer.slope * dy), {}
