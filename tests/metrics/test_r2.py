"""The metric `r2`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.metrics.drawn import Case, draw, meter
from xonet.losses import VALUES

CASES = [("r2",)]


def naive(case):
    """Output by output."""
    found = []
    for score, value in zip(case.scores.T.astype(float), case.targets.T.astype(float), strict=True):
        error, spread = ((score - value) ** 2).sum(), ((value - value.mean()) ** 2).sum()
        same = len(set(value.tolist())) == 1
        found.append(float(error == 0) if same else 1 - error / spread)
    return np.mean(found)


def scikit(case):
    """scikit-learn's."""
    from sklearn.metrics import r2_score

    return r2_score(case.targets.astype(float), case.scores.astype(float)) if len(case.scores) > 1 else None


def test_values_far_from_zero():
    case = draw(VALUES)
    far = Case(VALUES, case.scores, case.targets + np.float32(1e6))
    exact = Case(VALUES, (far.targets - np.float32(0.25)).astype(np.float32), far.targets)
    assert meter(exact, ["r2"]).row["r2"] == pytest.approx(naive(exact), rel=1e-12)


def test_a_value_that_is_the_same_for_all():
    ones = np.ones((5, 1), np.float32)
    assert meter(Case(VALUES, ones, ones), ["r2"]).row["r2"] == 1
    assert meter(Case(VALUES, 2 * ones, ones), ["r2"]).row["r2"] == 0
