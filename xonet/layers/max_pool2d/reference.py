"""`max_pool2d` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers._taps import pad, picture_shape, tap, unpad
from xonet.layers.max_pool2d import MaxPool2d


def forward(layer: MaxPool2d, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, rows, columns, channels)."""
    return _windows(layer, x).max(axis=0)


def backward(
    layer: MaxPool2d, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """Each window gives its gradient to its greatest value, the first where there are several."""
    rows, columns = layer.axes(picture_shape(x))
    winner = _windows(layer, x).argmax(axis=0)
    dpadded = pad(np.zeros_like(x), rows, columns)
    for i in range(rows.window):
        for j in range(columns.window):
            tap(dpadded, rows, columns, i, j)[...] += dy * (winner == i * columns.window + j)
    return unpad(dpadded, rows, columns), {}


def _windows(layer: MaxPool2d, x: np.ndarray) -> np.ndarray:
    """What each pixel of the window sees, in reading order: (pixels, pictures, rows, columns, channels)."""
    rows, columns = layer.axes(picture_shape(x))
    padded = pad(x, rows, columns, -np.inf)  # less than everything: the margin never wins
    return np.stack([tap(padded, rows, columns, i, j) for i in range(rows.window) for j in range(columns.window)])
