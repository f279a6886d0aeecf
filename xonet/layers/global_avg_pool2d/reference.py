"""`global_avg_pool2d` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.global_avg_pool2d import GlobalAvgPool2d


def forward(layer: GlobalAvgPool2d, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, channels)."""
    return np.mean(x, axis=(1, 2))


def backward(
    layer: GlobalAvgPool2d, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """Each channel shares its gradient out evenly."""
    height, width = x.shape[1:3]
    return np.broadcast_to(dy[:, None, None] / (height * width), x.shape).copy(), {}
