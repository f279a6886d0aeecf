"""`cross_entropy` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.losses._formulas import log_softmax
from xonet.losses.cross_entropy import CrossEntropy


def forward(loss: CrossEntropy, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(n, classes) scores and targets to (n,) losses: the sum over classes of target · -log(probability)."""
    return -(_smooth(loss, targets) * log_softmax(scores)).sum(axis=-1)


def backward(loss: CrossEntropy, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """What the network said minus what it should have said."""
    wanted = _smooth(loss, targets)
    return probabilities(loss, scores) * wanted.sum(axis=-1, keepdims=True) - wanted


def probabilities(loss: CrossEntropy, scores: np.ndarray) -> np.ndarray:
    """Softmax of the scores."""
    return np.exp(log_softmax(scores))


def _smooth(loss: CrossEntropy, targets: np.ndarray) -> np.ndarray:
    return (1 - loss.label_smoothing) * targets + loss.label_smoothing / targets.shape[-1]
