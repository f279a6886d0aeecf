"""`local_response_norm` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.local_response_norm import LocalResponseNorm


def forward(layer: LocalResponseNorm, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    return x * _base(layer, x) ** -layer.beta


def backward(
    layer: LocalResponseNorm, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """A value's own share, less what it takes from all whose windows it lies in: those of the window turned around."""
    base = _base(layer, x)
    taken = _sums(layer, dy * x * base ** (-layer.beta - 1), layer.window[::-1])
    return dy * base**-layer.beta - 2 * layer.factor * layer.beta * x * taken, {}


def _base(layer: LocalResponseNorm, x: np.ndarray) -> np.ndarray:
    """What the power is taken of."""
    return layer.k + layer.factor * _sums(layer, x * x, layer.window)


def _sums(layer: LocalResponseNorm, values: np.ndarray, window: tuple[int, int]) -> np.ndarray:
    """Sums over (neighbours before, behind) each value, along the channels, or along rows and columns."""
    for axis in (-1,) if layer.region == "across" else (1, 2):
        values = _along(values, axis, *window)
    return values


def _along(values: np.ndarray, axis: int, before: int, behind: int) -> np.ndarray:
    """Sums over neighbours along one axis."""
    values = np.moveaxis(values, axis, -1)
    length = values.shape[-1]
    sums = [values[..., max(0, n - before) : n + behind + 1].sum(axis=-1) for n in range(length)]
    return np.moveaxis(np.stack(sums, axis=-1), -1, axis)
