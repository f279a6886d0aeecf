"""What is left out during training, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.language.shapes import Shape
from xonet.layers._dropping import Dropping
from xonet.layers._run import Gradients, Parameters, Run


def forward(layer: Dropping, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return _drop(layer, x, run)


def backward(
    layer: Dropping, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradient passes where the value did, with the same factor: the random numbers are the same again."""
    return _drop(layer, dy, run), {}


def _drop(layer: Dropping, values: np.ndarray, run: Run) -> np.ndarray:
    """A picture's values, in height, width, channel order, take turns with its random numbers: kept from `rate` on."""
    if not run.training:
        return values
    drawn = layer.drawn(Shape(values.shape[1:]))
    kept = run.uniform(drawn)[:, None, :] >= layer.rate
    by_turns = values.reshape(len(values), -1, drawn)
    return np.where(kept, by_turns / (1 - layer.rate), 0).astype(values.dtype).reshape(values.shape)
