"""Layers that normalize each picture by itself, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.language.shapes import Shape
from xonet.layers._normalization import Normalization
from xonet.layers._run import Gradients, Parameters, Run

SET = (2, 4)
"""The axes of a set in (pictures, spans, pixels, groups, width)."""


def forward(layer: Normalization, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    normal, _ = _normalized(layer, x)
    return normal.reshape(x.shape) * parameters.get("scale", 1) + parameters.get("shift", 0)


def backward(
    layer: Normalization, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradients of x, and of scale and shift where they are trained.

    Mean and deviation move with every x, which takes from dx what its set has in common.
    """
    normal, deviation = _normalized(layer, x)
    dnormal = (dy * parameters.get("scale", 1)).reshape(normal.shape).astype(x.dtype)
    dx = dnormal - normal * (dnormal * normal).mean(axis=SET, keepdims=True)
    if layer.centered:
        dx = dx - dnormal.mean(axis=SET, keepdims=True)
    found = {"scale": dy * normal.reshape(x.shape), "shift": dy} if layer.trainable else {}
    gradients = {
        name: found[name].sum(axis=tuple(range(x.ndim - own.ndim))) for name, own in parameters.items() if name in found
    }
    return (dx / deviation).reshape(x.shape), gradients


def _normalized(layer: Normalization, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """X in its sets, each on the common scale, and the deviation (or root mean square) of each set."""
    values = x.reshape(-1, *layer.sets(Shape(x.shape[1:])))
    if layer.centered:
        values = values - values.mean(axis=SET, keepdims=True)
    deviation = np.sqrt((values * values).mean(axis=SET, keepdims=True) + layer.epsilon)
    return values / deviation, deviation
