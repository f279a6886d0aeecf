"""What is measured on scores and targets, some pictures at a time: a few MiB are held, however many come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from xonet.data import Dataset
from xonet.engine.plan import one_hot
from xonet.losses import LOSSES, Loss
from xonet.training.course import Trainable

BLOCK = 1 << 15
"""Scores that are worked on together, in float64."""
FEW = 16
"""Scores of a picture that are laid out one after the other over all pictures."""


class Meter:
    """Takes scores as an engine hands them over (`Take`), and measures them.

    What it finds does not depend on how many come at a time: a loss is kept for each picture, and summed at the end.

    Args:
        loss: What is measured.
        targets: (n,) class numbers or (n, outputs) values, in the scores' order.
        order: Where given, the targets' places in the order of the scores: `targets[order]` without a copy.
        classes: The number of classes of the confusion matrix; 0 for none.
    """

    def __init__(self, loss: Loss, targets: np.ndarray, order: np.ndarray | None = None, classes: int = 0) -> None:
        self.loss, self.targets, self.order = loss, targets, order
        self.losses = np.zeros(len(targets if order is None else order))
        """Of each picture, float64; not finite where its scores are not."""
        self.count = len(self.losses)
        """How many of the pictures are measured, the first ones: fewer than all where an epoch ends early."""
        self.right = 0
        self.confusion = np.zeros((classes, classes), np.int64)

    def __call__(self, first: int, scores: np.ndarray) -> None:
        """See `Take`."""
        for begin, some in _blocks(scores):
            here = slice(first + begin, first + begin + len(some))
            targets = self.targets[here] if self.order is None else self.targets[self.order[here]]
            self.losses[here] = _losses(self.loss, some, targets)
            if targets.ndim == 1:
                found = some.argmax(axis=1)
                self.right += int((found == targets).sum())
                if len(self.confusion):
                    np.add.at(self.confusion, (targets, found), 1)

    @property
    def row(self) -> dict[str, float]:
        """`loss`, the mean over pictures, and for class numbers `accuracy`, the fraction that is correct."""
        found = {"loss": float(self.losses[: self.count].mean())}
        if self.targets.ndim == 1:
            found["accuracy"] = self.right / self.count
        return found


def evaluate(model: Trainable, data: Dataset, classes: int = 0) -> Meter:
    """Evaluate a model on data from `Model.dataset`; the scores are never all in memory at once."""
    assert data.targets is not None, "Model.dataset has looked"
    meter = Meter(model.loss, data.targets, classes=classes)
    model.engine.scores(data.pictures, meter)
    return meter


def _losses(loss: Loss, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    outputs = scores.shape[-1]
    order: Literal["C", "F"] = "F" if outputs <= FEW else "C"  # sums over a short axis take long otherwise
    wanted = np.asarray(one_hot(targets, outputs, np.float64), order=order)
    with np.errstate(all="ignore"):
        return np.asarray(LOSSES.part(loss, "reference").forward(loss, scores.astype(np.float64, order=order), wanted))


def _blocks(scores: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    rows = max(1, BLOCK // scores.shape[-1])
    for first in range(0, len(scores), rows):
        yield first, scores[first : first + rows]
