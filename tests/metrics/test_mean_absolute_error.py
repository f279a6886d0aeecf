"""The metric `mean_absolute_error`."""

from __future__ import annotations

import numpy as np

CASES = [("mean_absolute_error",)]


def naive(case):
    """Value by value."""
    pairs = zip(case.scores.ravel().tolist(), case.targets.ravel().tolist(), strict=True)
    return np.mean([abs(score - value) for score, value in pairs])


def scikit(case):
    """scikit-learn's."""
    from sklearn.metrics import mean_absolute_error

    return mean_absolute_error(case.targets.astype(float), case.scores.astype(float))
