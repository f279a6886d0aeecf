"""The metric `calibration_error`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.metrics.drawn import Case, meter
from xonet.losses import CLASSES, LOSSES, ONE_SCORE
from xonet.training.metrics import Meter

CASES = [("calibration_error",)]


def naive(case):
    """Bin by bin: [0, 1/15), …, [14/15, 1), and 1 alone."""
    if case.answers == ONE_SCORE:
        said, right = case.probabilities[:, 0], case.targets == 1
    else:
        said, right = case.probabilities.max(axis=1), case.predicted == case.targets
    bounds, total = [*(n / 15 for n in range(16)), 2], 0.0
    for low, high in pairwise(bounds):
        here = (said >= low) & (said < high)
        if here.any():
            total += here.mean() * abs(said[here].mean() - right[here].mean())
    return total


def scikit(case):
    """There is none."""
    return None


def test_torchmetrics_example():
    """That of `MulticlassCalibrationError`'s page with three bins gives 0.2000; these with 15, by hand."""
    probabilities = np.array([[0.25, 0.20, 0.55], [0.55, 0.05, 0.40], [0.10, 0.30, 0.60], [0.90, 0.05, 0.05]])
    case = Case(CLASSES, np.log(probabilities).astype(np.float32), np.array([0, 1, 2, 0]))
    assert meter(case, ["calibration_error"]).row["calibration_error"] == pytest.approx(
        (abs(1.1 - 0) + abs(0.6 - 1) + abs(0.9 - 1)) / 4
    )


def test_a_loss_without_probabilities():
    with pytest.raises(ValueError, match="squared_error makes no probabilities"):
        Meter(LOSSES.make("squared_error"), np.array([0, 1]), metrics=["calibration_error"])
