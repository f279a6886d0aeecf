"""`conv2d` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._convolve import convolve, convolve_backward
from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.conv2d import Conv2d


def forward(layer: Conv2d, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, rows, columns, features)."""
    return convolve(layer, parameters, x, layer.groups)


def backward(
    layer: Conv2d, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradients of x, `weights` and `bias`."""
    return convolve_backward(layer, parameters, x, dy, layer.groups)
