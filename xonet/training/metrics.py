"""What is measured on scores and targets."""

from __future__ import annotations

import numpy as np

from xonet.engine.plan import one_hot
from xonet.losses import LOSSES, Loss


def losses(loss: Loss, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """The loss of each picture, (n,) float64; not finite where its scores are not."""
    wanted = one_hot(targets, scores.shape[-1], np.float64)
    with np.errstate(all="ignore"):
        return np.asarray(LOSSES.part(loss, "reference").forward(loss, scores.astype(np.float64), wanted))


def measure(loss: Loss, scores: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """`loss`, the mean over pictures, and for class numbers `accuracy`, the share that is right."""
    found = {"loss": float(losses(loss, scores, targets).mean())}
    if targets.ndim == 1:
        found["accuracy"] = float((scores.argmax(axis=1) == targets).mean())
    return found


def confusion(scores: np.ndarray, targets: np.ndarray, classes: int) -> np.ndarray:
    """(classes, classes): how many pictures of each class (rows) were taken for each class (columns)."""
    found = np.zeros((classes, classes), np.int64)
    np.add.at(found, (targets, scores.argmax(axis=1)), 1)
    return found
