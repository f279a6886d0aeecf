"""`prelu` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.prelu import Prelu


def forward(layer: Prelu, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return np.where(x > 0, x, x * parameters["slopes"])


def backward(layer: Prelu, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run) -> Gradients:
    """A slope's gradient is the sum of dy · x over all that it multiplies."""
    dx = np.where(x > 0, dy, dy * parameters["slopes"])
    if not layer.trainable:
        return dx, {}
    return dx, {"slopes": np.where(x > 0, 0, dy * x).sum(axis=tuple(range(x.ndim - 1)))}
