"""`huber` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.losses import factor
from xonet.losses.huber import Huber


def forward(loss: Huber, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(n, outputs) scores and targets to (n,) losses."""
    error = np.abs(scores - targets)
    small = np.minimum(error, loss.delta)
    return factor(loss, scores.shape[-1]) * (small * (error - small / 2)).sum(axis=-1)


def backward(loss: Huber, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """How far each score is too high, but no more than `delta` either way."""
    return factor(loss, scores.shape[-1]) * np.clip(scores - targets, -loss.delta, loss.delta)


def probabilities(loss: Huber, scores: np.ndarray) -> np.ndarray:
    """The scores as they are."""
    return scores
