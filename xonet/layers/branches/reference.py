"""The merge of `branches`, in plain NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from xonet.layers._run import Parameters, Run
from xonet.layers.branches import Branches


def forward(layer: Branches, parameters: Parameters, x: Sequence[np.ndarray], run: Run) -> np.ndarray:
    """The paths' channels side by side, or value by value what `merge` says."""
    if layer.merge == "concat":
        return np.concatenate(x, axis=-1)
    if layer.merge == "multiply":
        return reduce(np.multiply, _with_sides(x))
    if layer.merge == "max":
        return reduce(np.maximum, x)
    total = sum(x[1:], start=x[0])
    return total / len(x) if layer.merge == "mean" else total


def backward(
    layer: Branches, parameters: Parameters, x: Sequence[np.ndarray], y: np.ndarray, dy: np.ndarray, run: Run
) -> tuple[list[np.ndarray], dict[str, np.ndarray]]:
    """Each path gets its own channels of it; of a sum all, of a mean an equal share, of a maximum if it is its own."""
    if layer.merge == "concat":
        ends = np.cumsum([path.shape[-1] for path in x])
        return np.split(dy, ends[:-1], axis=-1), {}
    if layer.merge == "multiply":
        return _gradients_of_product(x, dy), {}
    if layer.merge == "max":
        reached = [(path == y).astype(dy.dtype) for path in x]
        share = dy / np.maximum(sum(reached), 1)
        return [share * here for here in reached], {}
    share = dy / len(x) if layer.merge == "mean" else dy
    return [share for _ in x], {}


def _with_sides(x: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Rows as pictures of one pixel, where there are pictures."""
    pictures = any(path.ndim == 4 for path in x)
    return [path[:, None, None] if pictures and path.ndim == 2 else path for path in x]


def _gradients_of_product(x: Sequence[np.ndarray], dy: np.ndarray) -> list[np.ndarray]:
    """To each path dy times all others, summed over where its numbers were spread."""
    spread, gradients = _with_sides(x), []
    for number, path in enumerate(x):
        gradient = reduce(np.multiply, [*spread[:number], *spread[number + 1 :]], dy)
        sides = zip(spread[number].shape, dy.shape, strict=True)
        over = tuple(axis for axis, (own, whole) in enumerate(sides) if own != whole)
        gradients.append(gradient.sum(axis=over, keepdims=True).reshape(path.shape))
    return gradients
