"""The metric `accuracy`."""

from __future__ import annotations

from typing import Any

from xonet.metrics._base import Metric, share


class Accuracy(Metric):
    """The share of pictures whose class is predicted correctly; with labels, of all single labels.

    Of classes, the one with the greatest score is predicted, of equal ones the first. A label is predicted to hold
    where its probability is above 1/2, as is the second of two classes that one score tells apart; each picture's
    labels count one by one, as for Keras' `binary_accuracy`. It is always measured, whether it is asked for or not.
    """

    also = (
        *("acc", "accuracy_score", "categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy"),
        *("SparseCategoricalAccuracy", "top_1_acc", "MulticlassAccuracy"),
    )

    tally = "Answers"

    def value(self, tally: Any) -> float:
        """Correct answers, of all."""
        return share(tally.right, tally.count)
