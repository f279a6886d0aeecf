"""The merge of `branches`, in plain NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xonet.layers._run import Parameters, Run
from xonet.layers.branches import Branches


def forward(layer: Branches, parameters: Parameters, x: Sequence[np.ndarray], run: Run) -> np.ndarray:
    """The paths' channels side by side, their sum, or their mean."""
    if layer.merge == "concat":
        return np.concatenate(x, axis=-1)
    total = sum(x[1:], start=x[0])
    return total / len(x) if layer.merge == "mean" else total


def backward(
    layer: Branches, parameters: Parameters, x: Sequence[np.ndarray], y: np.ndarray, dy: np.ndarray, run: Run
) -> tuple[list[np.ndarray], dict[str, np.ndarray]]:
    """Each path gets its own channels of it; of a sum all, of a mean an equal share."""
    if layer.merge == "concat":
        ends = np.cumsum([path.shape[-1] for path in x])
        return np.split(dy, ends[:-1], axis=-1), {}
    share = dy / len(x) if layer.merge == "mean" else dy
    return [share for _ in x], {}
