"""The metric `top_k_accuracy`."""

from __future__ import annotations

import numpy as np

CASES = [("top_2_accuracy",), ("top_3_accuracy",), ("top_1_accuracy",)]


def naive(case, k):
    """Classes sorted by their scores, of equal ones the first first."""
    return np.mean([right in sorted(range(len(row)), key=lambda n: (-row[n], n))[:k] for row, right in pairs(case)])


def pairs(case):
    """Each picture's scores and class."""
    return zip(case.scores.tolist(), case.targets.tolist(), strict=True)


def scikit(case, k):
    """scikit-learn's, where no scores are equal: of equal ones, it takes the last."""
    from sklearn.metrics import top_k_accuracy_score

    if any(len(set(row)) < len(row) for row in case.scores.tolist()):
        return None
    return top_k_accuracy_score(case.targets, case.scores, k=k, labels=range(case.classes))
