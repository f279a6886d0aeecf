"""The metric `calibration_error`."""

from __future__ import annotations

from typing import Any

from xonet.losses import CLASSES, ONE_SCORE
from xonet.metrics._base import Metric, share


class CalibrationError(Metric):
    """The expected calibration error: how far the probabilities that the network gives are from how often it is right.

    The greatest probability of each picture falls into one of 15 bins of equal width (a probability of 1 into one of
    its own); of each bin, the share of correct predictions is compared with the mean probability, and the
    differences count by their pictures (Guo et al. 2017, section 2). As torchmetrics' `MulticlassCalibrationError`;
    with one score for two classes as its `BinaryCalibrationError`: the probability of the second class, and how often
    it is that.
    """

    fits = (CLASSES, ONE_SCORE)
    rises = False
    tally = "Bins"
    needs_probabilities = True
    also = ("ece", "expected_calibration_error", "MulticlassCalibrationError", "calibration")

    def value(self, tally: Any) -> float:
        """|right - sum of probabilities| of each bin, of all pictures."""
        apart = sum(abs(right - said) for right, said in zip(tally.right.tolist(), tally.said.tolist(), strict=True))
        return share(apart, int(tally.counts.sum()))
