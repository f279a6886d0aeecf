"""Scores and targets to measure, with equal scores among them, and what a meter says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from xonet.losses import CLASSES, INPUT, LABELS, LOSSES, ONE_SCORE, VALUES, Loss
from xonet.training.metrics import Meter

USUAL = {
    CLASSES: "cross_entropy",
    ONE_SCORE: "binary_cross_entropy",
    LABELS: "binary_cross_entropy",
    VALUES: "squared_error",
    INPUT: "squared_error",
}


def loss_for(answers: str) -> Loss:
    """The usual loss of answers."""
    return LOSSES.make(USUAL[answers]).of(answers)


@dataclass
class Case:
    """What is measured."""

    answers: str
    scores: np.ndarray
    targets: np.ndarray

    @property
    def probabilities(self) -> np.ndarray:
        """(n, outputs) as the loss has them, by formulas of their own."""
        x = self.scores.astype(np.float64)
        if self.answers == CLASSES:
            return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
        return 1 / (1 + np.exp(-x))

    @property
    def predicted(self) -> np.ndarray:
        """(n,) classes, or (n, labels) whether each holds."""
        if self.answers == CLASSES:
            return np.array([list(row).index(max(row)) for row in self.scores])
        holds = self.scores > 0
        return holds[:, 0].astype(np.int64) if self.answers == ONE_SCORE else holds

    @property
    def classes(self) -> int:
        """How many there are."""
        return 2 if self.answers == ONE_SCORE else self.scores.shape[1]

    def of_one(self, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(true, predicted, probability) of each picture, for one class or label."""
        if self.answers == LABELS:
            return self.targets[:, number] > 0.5, self.predicted[:, number], self.probabilities[:, number]
        p = self.probabilities
        if self.answers == ONE_SCORE:
            p = np.concatenate([1 - p, p], axis=1)
        return self.targets == number, self.predicted == number, p[:, number]


def draw(answers: str, seed: int = 0, count: int = 200, outputs: int = 4) -> Case:
    """Random scores in eighths, so that some are equal; the last class or label is rare, or is not there at all."""
    rng = np.random.default_rng(seed)
    outputs = 1 if answers == ONE_SCORE else outputs
    scores = ((8 * rng.normal(size=(count, outputs))).round() / 8).astype(np.float32)
    if answers in (VALUES, INPUT):
        return Case(answers, scores, (scores + rng.normal(size=scores.shape)).astype(np.float32))
    if answers == LABELS:
        return Case(answers, scores, (rng.random(scores.shape) < [[0.5, 0.3, 0.9, 0.02][:outputs]]).astype(np.float32))
    shares = [0.3, 0.7] if answers == ONE_SCORE else [0.5, 0.2, 0.28, 0.02]
    return Case(answers, scores, rng.choice(len(shares), count, p=shares))


def meter(case: Case, names: Sequence[str], cuts: Sequence[int] = (), order: np.ndarray | None = None) -> Meter:
    """A meter that has seen it, in parts that end at `cuts`."""
    found = Meter(loss_for(case.answers), case.targets, order=order, metrics=names)
    scores = case.scores if order is None else case.scores[order]
    bounds = [0, *sorted(cuts), len(scores)]
    for first, end in pairwise(bounds):
        found(first, scores[first:end])
    return found
