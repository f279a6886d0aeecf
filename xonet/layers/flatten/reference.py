"""`flatten` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.flatten import Flatten


def forward(layer: Flatten, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, height × width × channels)."""
    return x.reshape(len(x), -1)


def backward(
    layer: Flatten, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The same numbers in the picture's shape."""
    return dy.reshape(x.shape), {}
