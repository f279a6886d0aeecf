"""`cosine_distance` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.losses.cosine_distance import CosineDistance

EPSILON = 1e-8
"""The least length that is divided by, as in PyTorch."""


def forward(loss: CosineDistance, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(n, outputs) scores and targets to (n,) losses."""
    return 1 - (scores * targets).sum(axis=-1) / (_length(scores) * _length(targets))[..., 0]


def backward(loss: CosineDistance, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """What of the right direction is not along the answer, to the negative; a longer answer is not better."""
    length, direction = _length(scores), targets / _length(targets)
    along = (scores * direction).sum(axis=-1, keepdims=True) / length
    return (along * scores / length * (length > EPSILON) - direction) / length


def probabilities(loss: CosineDistance, scores: np.ndarray) -> np.ndarray:
    """The scores as they are."""
    return scores


def _length(values: np.ndarray) -> np.ndarray:
    """(n, outputs) to (n, 1)."""
    return np.maximum(np.sqrt(np.square(values).sum(axis=-1, keepdims=True)), EPSILON)
