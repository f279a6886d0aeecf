"""The metric `accuracy`."""

from __future__ import annotations

import numpy as np

from xonet.losses import LABELS

CASES = [("accuracy",)]


def naive(case):
    """Answer by answer."""
    if case.answers != LABELS:
        return np.mean([a == b for a, b in zip(case.targets, case.predicted, strict=True)])
    return np.mean([a == b for a, b in zip((case.targets > 0.5).ravel(), case.predicted.ravel(), strict=True)])


def scikit(case):
    """scikit-learn's, which for labels counts pictures all of whose labels are right: there each label by itself."""
    from sklearn.metrics import accuracy_score

    if case.answers != LABELS:
        return accuracy_score(case.targets, case.predicted)
    each = zip(case.targets.T, case.predicted.T, strict=True)
    return np.mean([accuracy_score(holds > 0.5, predicted) for holds, predicted in each])
