"""The metric `root_mean_squared_error`."""

from __future__ import annotations

import math

import numpy as np

CASES = [("root_mean_squared_error",)]


def naive(case):
    """Value by value."""
    pairs = zip(case.scores.ravel().tolist(), case.targets.ravel().tolist(), strict=True)
    return math.sqrt(np.mean([(score - value) ** 2 for score, value in pairs]))


def scikit(case):
    """scikit-learn's, of all values as of one output."""
    from sklearn.metrics import root_mean_squared_error

    return root_mean_squared_error(case.targets.astype(float).ravel(), case.scores.astype(float).ravel())
