"""`hinge` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.losses.hinge import Hinge


def forward(loss: Hinge, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(n, classes) scores and targets to (n,) losses."""
    return ((1 - targets) * np.maximum(_missing(loss, scores, targets), 0)).sum(axis=-1) / scores.shape[-1]


def backward(loss: Hinge, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Every class that is too near is to fall, and the right one is to rise by as much as all of them."""
    near = (1 - targets) * (_missing(loss, scores, targets) > 0)
    return (near - targets * near.sum(axis=-1, keepdims=True)) / scores.shape[-1]


def probabilities(loss: Hinge, scores: np.ndarray) -> np.ndarray:
    """The scores as they are."""
    return scores


def _missing(loss: Hinge, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """How much the right class lacks of its lead over each."""
    return loss.margin - (targets * scores).sum(axis=-1, keepdims=True) + scores
