"""`kl_divergence` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.losses._formulas import log_softmax
from xonet.losses.kl_divergence import KLDivergence


def forward(loss: KLDivergence, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(n, outputs) scores and targets to (n,) losses; a target of 0 counts nothing."""
    known = np.log(np.where(targets > 0, targets, 1))
    return (targets * (known - log_softmax(scores))).sum(axis=-1)


def backward(loss: KLDivergence, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """What the network said minus what it should have said."""
    return probabilities(loss, scores) * targets.sum(axis=-1, keepdims=True) - targets


def probabilities(loss: KLDivergence, scores: np.ndarray) -> np.ndarray:
    """Softmax of the scores."""
    return np.exp(log_softmax(scores))
