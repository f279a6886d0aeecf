"""What is measured on scores and targets, some pictures at a time: a few MiB are held, however many come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import numpy as np

from xonet.data import Dataset
from xonet.engine.mirrored import mirrored_scores
from xonet.engine.plan import Targets, one_hot
from xonet.losses import CLASSES, INPUT, LABELS, LOSSES, ONE_SCORE, VALUES, Loss
from xonet.metrics import METRICS, Metric
from xonet.metrics._tallies import Decisions, Some, Tally
from xonet.training.course import Trainable
from xonet.turns import imported

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
        labels: Whether to count each label's decisions.
        metrics: The names of what else is measured.

    Raises:
        ValueError: where a metric is not for such targets.
    """

    def __init__(
        self,
        loss: Loss,
        targets: Targets,
        order: np.ndarray | None = None,
        classes: int = 0,
        labels: bool = False,
        metrics: Iterable[str] = (),
    ) -> None:
        self.loss, self.targets, self.order = loss, targets, order
        self.losses = np.zeros(len(targets if order is None else order))
        """Of each picture, float64; not finite where its scores are not."""
        self.count = len(self.losses)
        """How many of the pictures are measured, the first ones: fewer than all where an epoch ends early."""
        self.confusion = np.zeros((classes, classes), np.int64)
        self.decisions = Decisions()
        """Of labels, where they are asked for."""
        self._decides = _answers(loss, targets) not in (VALUES, INPUT)
        self.metrics = fitting(["accuracy", *metrics] if self._decides else metrics, loss, targets)
        self._tallies: dict[str, Tally] = {"Decisions": self.decisions} if labels else {}
        for metric in self.metrics.values():
            if metric.tally not in self._tallies:
                self._tallies[metric.tally] = getattr(imported("xonet.metrics._tallies"), metric.tally)()

    def __call__(self, first: int, scores: np.ndarray) -> None:
        """See `Take`."""
        for begin, some in _blocks(scores):
            here = slice(first + begin, first + begin + len(some))
            targets = self.targets[here] if self.order is None else self.targets[self.order[here]]
            self.losses[here] = _losses(self.loss, some, targets)
            predicted = self._predicted(some, targets) if self._decides else targets
            if len(self.confusion):
                np.add.at(self.confusion, (targets, predicted), 1)
            block = Some(some, targets, predicted, self._probabilities, self.loss.has_probabilities)
            for tally in self._tallies.values():
                tally.take(block)

    def _predicted(self, scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """The classes, or which labels: those more probable than not."""
        if targets.ndim == 1 and scores.shape[1] > 1:
            return np.asarray(scores.argmax(axis=1))
        holds = self._probabilities(scores) > 0.5
        return holds[:, 0].astype(np.int64) if targets.ndim == 1 else holds

    def _probabilities(self, scores: np.ndarray) -> np.ndarray:
        return np.asarray(LOSSES.part(self.loss, "reference").probabilities(self.loss, scores))

    @property
    def row(self) -> dict[str, float]:
        """`loss`, the mean over pictures, `accuracy`, the share of classes or labels told right, and metrics."""
        found = {name: metric.value(self._tallies[metric.tally]) for name, metric in self.metrics.items()}
        return {"loss": float(self.losses[: self.count].mean()), **found}

    @property
    def of_each(self) -> dict[str, Sequence[float | None]]:
        """Of each metric that is one of every class or label: those."""
        found = {name: metric.of_each(self._tallies[metric.tally]) for name, metric in self.metrics.items()}
        return {name: each for name, each in found.items() if each}


def fitting(names: Iterable[str], loss: Loss, targets: Targets) -> dict[str, Metric]:
    """Metrics by name, without the loss.

    Raises:
        ValueError: where one is not for such targets, or needs probabilities, which the loss does not know.
    """
    metrics = {name: METRICS.named(name) for name in names if name != "loss"}
    answers = _answers(loss, targets)
    for name, metric in metrics.items():
        if answers not in metric.fits:
            raise ValueError(f"{name} cannot be measured: the targets are {answers}, not {metric.fits[0]}")
        if metric.needs_probabilities and not loss.has_probabilities:
            raise ValueError(f"{name} cannot be measured: {LOSSES.word(loss)} makes no probabilities of scores")
    return metrics


def _answers(loss: Loss, targets: Targets) -> str:
    """What targets are, which Python may bring without an output section: one of `ANSWERS`."""
    if targets.ndim == 1:
        return ONE_SCORE if loss.answers == ONE_SCORE else CLASSES
    return loss.answers if loss.answers in (LABELS, INPUT) else VALUES


def evaluate(
    model: Trainable,
    data: Dataset,
    classes: int = 0,
    labels: bool = False,
    metrics: Iterable[str] = (),
    *,
    mirror: bool = False,
) -> Meter:
    """Evaluate a model on data from `Model.dataset`; the scores are never all in memory at once.

    With `mirror`, scores are averaged with those of mirror images; other arguments are as for `Meter`.
    """
    targets = model.plan.targets(data.pictures, data.targets)
    meter = Meter(model.loss, targets, classes=classes, labels=labels, metrics=metrics)
    if mirror:
        mirrored_scores(model.engine, data.pictures, meter)
    else:
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
