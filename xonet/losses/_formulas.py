"""What several losses' references compute, over arrays of any float type."""

from __future__ import annotations

import numpy as np


def log_softmax(scores: np.ndarray) -> np.ndarray:
    """Of (n, classes): the greatest is taken off first, which keeps exp from overflowing and log from 0."""
    shifted = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def softplus(scores: np.ndarray) -> np.ndarray:
    """log(1 + e^score): -log of the probability that sigmoid leaves for the other answer."""
    return np.asarray(np.maximum(scores, 0) + np.log1p(np.exp(-np.abs(scores))))


def sigmoid(scores: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-score)."""
    return np.asarray(np.exp(-softplus(-scores)))
