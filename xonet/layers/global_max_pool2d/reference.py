"""`global_max_pool2d` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.global_max_pool2d import GlobalMaxPool2d


def forward(layer: GlobalMaxPool2d, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, channels)."""
    return np.max(x, axis=(1, 2))


def backward(
    layer: GlobalMaxPool2d, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """Each channel gives its gradient to its greatest value, the first where there are several."""
    pixels = x.reshape(len(x), -1, x.shape[-1])
    dx = np.zeros_like(pixels)
    np.put_along_axis(dx, pixels.argmax(axis=1)[:, None], dy[:, None], axis=1)
    return dx.reshape(x.shape), {}
