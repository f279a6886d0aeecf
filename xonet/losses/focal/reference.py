"""`focal` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.losses import CLASSES
from xonet.losses._formulas import log_softmax, sigmoid, softplus
from xonet.losses.focal import Focal


def forward(loss: Focal, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """(n, outputs) scores and targets to (n,) losses."""
    if loss.answers == CLASSES:
        log, rest = log_softmax(scores), _rest(scores)
        return -loss.alpha * (targets * rest**loss.gamma * log).sum(axis=-1)
    holds = loss.alpha * sigmoid(-scores) ** loss.gamma * softplus(-scores)
    holds_not = (1 - loss.alpha) * sigmoid(scores) ** loss.gamma * softplus(scores)
    return (targets * holds + (1 - targets) * holds_not).mean(axis=-1)


def backward(loss: Focal, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The slope of p in (1 - p)^gamma · -log(p), and of softmax or sigmoid in p."""
    if loss.answers == CLASSES:
        log, rest = log_softmax(scores), _rest(scores)
        p = np.exp(log)
        ratio = np.divide(log, rest, out=-np.ones_like(rest), where=rest > 0)  # as p comes near 1
        each = loss.alpha * targets * rest**loss.gamma * (loss.gamma * p * ratio - 1)
        return each - p * each.sum(axis=-1, keepdims=True)
    p, rest = sigmoid(scores), sigmoid(-scores)
    holds = loss.alpha * rest**loss.gamma * (-loss.gamma * p * softplus(-scores) - rest)
    holds_not = (1 - loss.alpha) * p**loss.gamma * (loss.gamma * rest * softplus(scores) + p)
    return (targets * holds + (1 - targets) * holds_not) / scores.shape[-1]


def probabilities(loss: Focal, scores: np.ndarray) -> np.ndarray:
    """Softmax of the scores of classes, otherwise sigmoid."""
    return np.exp(log_softmax(scores)) if loss.answers == CLASSES else sigmoid(scores)


def _rest(scores: np.ndarray) -> np.ndarray:
    """The probability of all other classes together, exact where it is small, too."""
    power = np.exp(scores - scores.max(axis=-1, keepdims=True))
    total, lower = power.sum(axis=-1, keepdims=True), power < 1
    ties = (~lower).sum(axis=-1, keepdims=True).astype(scores.dtype)
    rest = (power * lower).sum(axis=-1, keepdims=True)
    return np.where(lower, 1 - power / total, (ties - 1 + rest) / total)
