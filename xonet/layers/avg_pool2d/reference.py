"""`avg_pool2d` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers._taps import pad, picture_shape, tap, unpad
from xonet.layers.avg_pool2d import AvgPool2d


def forward(layer: AvgPool2d, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, rows, columns, channels)."""
    rows, columns = layer.axes(picture_shape(x))
    padded = pad(x, rows, columns)
    y = np.zeros((len(x), rows.output, columns.output, x.shape[-1]), x.dtype)
    for i in range(rows.window):
        for j in range(columns.window):
            y += tap(padded, rows, columns, i, j)
    return y / _counted(layer, x)


def backward(
    layer: AvgPool2d, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """Each window shares its gradient out evenly."""
    rows, columns = layer.axes(picture_shape(x))
    dpadded = pad(np.zeros_like(x), rows, columns)
    share = dy / _counted(layer, x)
    for i in range(rows.window):
        for j in range(columns.window):
            tap(dpadded, rows, columns, i, j)[...] += share
    return unpad(dpadded, rows, columns), {}


def _counted(layer: AvgPool2d, x: np.ndarray) -> np.ndarray:
    """How many values each window's mean is over: (rows, columns, 1)."""
    rows, columns = layer.axes(picture_shape(x))
    return np.outer(layer.counts(rows), layer.counts(columns)).astype(x.dtype)[:, :, None]
