"""`log_softmax` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.log_softmax import LogSoftmax


def forward(layer: LogSoftmax, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same; the greatest is taken off first, which changes nothing but keeps exp from overflowing."""
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def backward(
    layer: LogSoftmax, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """dx[c] = dy[c] - exp(y[c]) · (sum over k of dy[k]): what raises one score lowers all probabilities."""
    return dy - np.exp(y) * dy.sum(axis=-1, keepdims=True), {}
