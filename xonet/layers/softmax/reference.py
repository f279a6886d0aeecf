"""`softmax` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.softmax import Softmax


def forward(layer: Softmax, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same; the greatest is taken off first, which changes nothing but keeps exp from overflowing."""
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def backward(
    layer: Softmax, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """dx[c] = y[c] · (dy[c] - sum over k of y[k] · dy[k]): what raises one probability lowers the others."""
    return y * (dy - (y * dy).sum(axis=-1, keepdims=True)), {}
