"""The metric `precision`."""

from __future__ import annotations

import numpy as np

from xonet.losses import LABELS

CASES = [("precision",)]


def naive(case):
    """The mean over classes that occur or are predicted, or over all labels."""
    found = []
    for number in range(case.classes):
        true, predicted, _ = case.of_one(number)
        both, holds, said = sum(true & predicted), sum(true), sum(predicted)
        if holds or said or case.answers == LABELS:
            found.append(both / said if said else 0)
    return np.mean(found)


def scikit(case):
    """scikit-learn's."""
    from sklearn.metrics import precision_score

    return precision_score(case.targets, case.predicted, average="macro", zero_division=0)
