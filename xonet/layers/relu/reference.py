"""`relu` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.relu import Relu


def forward(layer: Relu, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return np.maximum(x, 0)


def backward(layer: Relu, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run) -> Gradients:
    """The gradient passes where x is positive; at exactly 0 it does not."""
    return dy * (x > 0), {}
