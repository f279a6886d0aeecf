"""`binary_cross_entropy` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.losses import factor
from xonet.losses._formulas import sigmoid, softplus
from xonet.losses.binary_cross_entropy import BinaryCrossEntropy


def forward(loss: BinaryCrossEntropy, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(n, outputs) scores and targets to (n,) losses."""
    wanted = _smooth(loss, targets)
    each = wanted * softplus(-scores) + (1 - wanted) * softplus(scores)
    return factor(loss, scores.shape[-1]) * each.sum(axis=-1)


def backward(loss: BinaryCrossEntropy, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """What each output said minus what it should have said."""
    return factor(loss, scores.shape[-1]) * (sigmoid(scores) - _smooth(loss, targets))


def probabilities(loss: BinaryCrossEntropy, scores: np.ndarray) -> np.ndarray:
    """Sigmoid of the scores."""
    return sigmoid(scores)


def _smooth(loss: BinaryCrossEntropy, targets: np.ndarray) -> np.ndarray:
    return (1 - loss.label_smoothing) * targets + loss.label_smoothing / 2
