"""A layer's two formulas over NumPy arrays."""

from __future__ import annotations

import numpy as np

from xonet.layers._elementwise import Elementwise
from xonet.layers._run import Gradients, Parameters, Run


def forward(layer: Elementwise, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return _computed(layer, "forward", {"x": x})


def backward(
    layer: Elementwise, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The same, of the gradient."""
    return _computed(layer, "backward", {"x": x, "y": y, "dy": dy}), {}


def _computed(layer: Elementwise, way: str, values: dict[str, np.ndarray]) -> np.ndarray:
    name = layer.formula(way)
    given = {asked: values[asked] if asked in values else getattr(layer, asked) for asked in layer.asks(name)}
    return getattr(layer, name)(**given)
