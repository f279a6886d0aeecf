"""`relu6` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.relu6 import Relu6


def forward(layer: Relu6, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return np.clip(x, 0, 6)


def backward(layer: Relu6, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run) -> Gradients:
    """The gradient passes where x lies between 0 and 6, at neither end."""
    return np.where((x > 0) & (x < 6), dy, 0), {}
