"""The metric `balanced_accuracy`."""

from __future__ import annotations

from typing import Any

from xonet.losses import CLASSES, ONE_SCORE
from xonet.metrics._base import Metric, mean, share


class BalancedAccuracy(Metric):
    """The mean over classes of the share that is predicted correctly: every class counts the same, however rare it is.

    As scikit-learn's `balanced_accuracy_score`: classes without pictures do not count (Brodersen et al. 2010).
    """

    fits = (CLASSES, ONE_SCORE)
    also = ("balanced_accuracy_score", "balanced_acc", "bal_acc", "unweighted_average_recall", "uar")

    def value(self, tally: Any) -> float:
        """The mean recall of classes that there are."""
        return mean([share(right, true) for right, true, _ in tally.counts if true])
