"""`dropout` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.dropout import Dropout


def forward(layer: Dropout, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return _drop(layer, x, run)


def backward(
    layer: Dropout, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradient passes where the value did, with the same factor: the random numbers are the same again."""
    return _drop(layer, dy, run), {}


def _drop(layer: Dropout, values: np.ndarray, run: Run) -> np.ndarray:
    """Value number p of a picture, in height, width, channel order, is kept if random number p is at least `rate`."""
    if not run.training:
        return values
    kept = run.uniform(values[0].size).reshape(values.shape) >= layer.rate
    return np.where(kept, values / (1 - layer.rate), 0).astype(values.dtype)
