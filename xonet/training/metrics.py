"""What is measured on scores and targets, some pictures at a time: a few MiB are held, however many come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from xonet.data import Dataset
from xonet.engine.plan import Targets, one_hot
from xonet.losses import LABELS, LOSSES, Loss
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
        targets: (n,) class numbers or (n, outputs) labels or values, in the scores' order.
        order: Where given, the targets' places in the order of the scores: `targets[order]` without a copy.
        classes: The number of classes of the confusion matrix; 0 for none.
        labels: The number of labels of the table of decisions; 0 for none.
    """

    def __init__(
        self, loss: Loss, targets: Targets, order: np.ndarray | None = None, classes: int = 0, labels: int = 0
    ) -> None:
        self.loss, self.targets, self.order = loss, targets, order
        self.losses = np.zeros(len(targets if order is None else order))
        """Of each picture, float64; not finite where its scores are not."""
        self.count = len(self.losses)
        """How many of the pictures are measured, the first ones: fewer than all where an epoch ends early."""
        self.right = 0
        self.decisions = np.zeros((labels, 2, 2), np.int64)
        """Of each label: whether it holds, whether the network says so."""
        self.outputs = 1
        self.confusion = np.zeros((classes, classes), np.int64)

    def __call__(self, first: int, scores: np.ndarray) -> None:
        """See `Take`."""
        for begin, some in _blocks(scores):
            here = slice(first + begin, first + begin + len(some))
            targets = self.targets[here] if self.order is None else self.targets[self.order[here]]
            self.outputs = some.shape[1]
            self.losses[here] = _losses(self.loss, some, targets)
            if targets.ndim == 1:
                found = some.argmax(axis=1) if some.shape[1] > 1 else self._holds(some)[:, 0].astype(np.int64)
                self.right += int((found == targets).sum())
                if len(self.confusion):
                    np.add.at(self.confusion, (targets, found), 1)
            elif self.loss.answers == LABELS:
                holds, said = targets > 0.5, self._holds(some)
                self.right += int((holds == said).sum())
                for label, table in enumerate(self.decisions):
                    np.add.at(table, (holds[:, label].astype(np.int64), said[:, label].astype(np.int64)), 1)

    def _holds(self, scores: np.ndarray) -> np.ndarray:
        """Which outputs are more probable than not."""
        return np.asarray(LOSSES.part(self.loss, "reference").probabilities(self.loss, scores) > 0.5)

    @property
    def row(self) -> dict[str, float]:
        """`loss`, the mean over pictures, and `accuracy`, the fraction of classes, or of labels, that is correct."""
        found = {"loss": float(self.losses[: self.count].mean())}
        if self.targets.ndim == 1:
            found["accuracy"] = self.right / self.count
        elif self.loss.answers == LABELS:
            found["accuracy"] = self.right / (self.count * self.outputs)
        return found


def evaluate(model: Trainable, data: Dataset, classes: int = 0, labels: int = 0) -> Meter:
    """Evaluate a model on data from `Model.dataset`; the scores are never all in memory at once."""
    meter = Meter(model.loss, model.plan.targets(data.pictures, data.targets), classes=classes, labels=labels)
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
