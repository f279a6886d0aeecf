"""What metrics are made of, found from scores as they come, some pictures at a time.

What is found does not depend on how many come at a time: counts are whole numbers, and sums of float64 grow by one
picture after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xonet.lazily import lazily

BINS = 15
"""Of the calibration error."""


@dataclass(frozen=True, eq=False)
class Some:
    """Scores of some pictures, and what is known of them."""

    scores: np.ndarray
    """(n, outputs) float32."""
    targets: np.ndarray
    """(n,) class numbers, or (n, outputs) labels or values."""
    predicted: np.ndarray
    """(n,) class numbers, or (n, labels) whether each is predicted to hold; of values nothing."""
    make_probabilities: Callable[[np.ndarray], np.ndarray]
    """What a loss makes of scores."""
    has_probabilities: bool
    """Whether it does; otherwise these are the scores."""

    @lazily
    def probabilities(self) -> np.ndarray:
        """(n, outputs) float64; where the loss knows none, the scores."""
        with np.errstate(all="ignore"):
            return self.make_probabilities(self.scores.astype(np.float64))

    @property
    def of_labels(self) -> bool:
        """Whether they are labels, of which several may hold."""
        return self.targets.ndim > 1


class Tally:
    """Base of all: takes some pictures after others."""

    def take(self, some: Some) -> None:
        """Pictures that come next."""
        raise NotImplementedError


class Answers(Tally):
    """How many are right: the classes of pictures, or their single labels."""

    def __init__(self) -> None:
        self.right = self.count = 0

    def take(self, some: Some) -> None:
        """Counts."""
        truth = some.targets > 0.5 if some.of_labels else some.targets
        self.right += int(np.count_nonzero(truth == some.predicted))
        self.count += some.predicted.size


class Decisions(Tally):
    """How often each class or label is predicted, occurs, and both."""

    def __init__(self) -> None:
        self.of_labels = False
        self._counts: np.ndarray = np.zeros((3, 0), np.int64)

    @property
    def counts(self) -> list[list[int]]:
        """Of each class or label: pictures predicted correctly, of it, and predicted as it."""
        counts: list[list[int]] = self._counts.T.tolist()
        return counts

    def take(self, some: Some) -> None:
        """Counts."""
        if some.of_labels:
            holds = some.targets > 0.5
            found = [each.sum(axis=0) for each in (holds & some.predicted, holds, some.predicted)]
        else:
            classes = max(2, some.scores.shape[1])
            right = some.targets[some.targets == some.predicted]
            found = [np.bincount(each, minlength=classes) for each in (right, some.targets, some.predicted)]
        self.of_labels = some.of_labels
        more = np.array(found, np.int64)
        self._counts = self._counts + more if self._counts.size else more


class Ranks(Tally):
    """How many pictures have 0, 1, 2, … classes before their own, by scores; of equal ones the first comes first."""

    def __init__(self) -> None:
        self.counts = np.zeros(0, np.int64)

    def take(self, some: Some) -> None:
        """Counts."""
        scores, classes = some.scores, np.arange(some.scores.shape[1])
        own, targets = np.take_along_axis(scores, some.targets[:, None], axis=1), some.targets[:, None]
        before = ((scores > own) | ((scores == own) & (classes < targets))).sum(axis=1)
        found = np.bincount(before, minlength=len(classes))
        self.counts = self.counts + found if self.counts.size else found


class Rankings(Tally):
    """All pictures in the order of their probability, for each class or label: log(p / (1 - p)) is kept as a float32.

    So probabilities near 1 stay apart, and those are equal that differ only by how they were rounded.
    """

    def __init__(self) -> None:
        self._values: list[np.ndarray] = []
        self._targets: list[np.ndarray] = []

    def take(self, some: Some) -> None:
        """Keeps them."""
        values = some.scores
        if some.has_probabilities:
            with np.errstate(all="ignore"):
                values = (np.log(some.probabilities) - np.log1p(-some.probabilities)).astype(np.float32)
        self._values.append(values.copy())
        self._targets.append(some.targets > 0.5 if some.of_labels else some.targets)

    @lazily
    def areas(self) -> list[float | None]:
        """Under the ROC curve of each class against all others, or of each label; None where all pictures are alike."""
        values, targets = np.concatenate(self._values), np.concatenate(self._targets)
        self._values = self._targets = []
        if targets.ndim == 1 and values.shape[1] == 1:
            values = np.concatenate([-values, values], axis=1)
        each = enumerate(values.T)
        return [_area(column, targets[..., at] if targets.ndim > 1 else targets == at) for at, column in each]


class Bins(Tally):
    """Pictures by the probability of what is predicted: how often that is right, and the sums of probabilities."""

    def __init__(self) -> None:
        self.counts = np.zeros(BINS + 1, np.int64)
        self.right = np.zeros(BINS + 1, np.int64)
        self.said = np.zeros(BINS + 1)

    def take(self, some: Some) -> None:
        """Counts, and sums of probabilities."""
        one = some.scores.shape[1] == 1
        said = some.probabilities.max(axis=1)
        place = np.searchsorted(np.linspace(0, 1, BINS + 1), said, side="right") - 1
        self.counts += np.bincount(place, minlength=BINS + 1)
        self.right += np.bincount(place[some.targets == (1 if one else some.predicted)], minlength=BINS + 1)
        np.add.at(self.said, place, said)


class Errors(Tally):
    """Of each output: sums of errors, and how far the values lie apart."""

    def __init__(self) -> None:
        self.pictures = 0
        self._begin = np.zeros(0)
        self._sums: np.ndarray = np.zeros((4, 0))
        """Of |error|, error², and of the values' differences from the first picture's: sum, and sum of squares."""

    @property
    def values(self) -> int:
        """How many there are."""
        return self.pictures * self._sums.shape[1]

    @property
    def absolute(self) -> np.ndarray:
        """(outputs,) Σ |score - value|."""
        return self._sums[0]

    @property
    def squared(self) -> np.ndarray:
        """(outputs,) Σ (score - value)²."""
        return self._sums[1]

    @property
    def spread(self) -> np.ndarray:
        """(outputs,) Σ (value - mean of values)²."""
        return np.maximum(self._sums[3] - self._sums[2] ** 2 / max(1, self.pictures), 0)

    def take(self, some: Some) -> None:
        """Sums."""
        values = np.asarray(some.targets, np.float64).reshape(some.scores.shape)
        if not self.pictures:
            self._begin, self._sums = values[0], np.zeros((4, len(values[0])))
        with np.errstate(all="ignore"):
            errors, apart = some.scores - values, values - self._begin
            for total, each in zip(self._sums, (np.abs(errors), errors**2, apart, apart**2), strict=True):
                total[:] = np.add.accumulate(np.concatenate([total[None], each]))[-1]
        self.pictures += len(values)


def _area(values: np.ndarray, holds: np.ndarray) -> float | None:
    """The share of pairs, one of which holds and one not, in which the first is more probable; equal ones are half."""
    own, ordered = values[holds], np.sort(values)
    with_it, without = len(own), len(values) - len(own)
    if not with_it or not without:
        return None
    # twice the sum of ranks from 1, of equal ones their mean, less what those that hold have among themselves
    ranks = np.searchsorted(ordered, own, "left") + np.searchsorted(ordered, own, "right") + 1
    return (int(ranks.sum()) - with_it * (with_it + 1)) / (2 * with_it * without)
