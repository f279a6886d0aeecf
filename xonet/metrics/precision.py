"""The metric `precision`."""

from __future__ import annotations

from xonet.metrics._base import OfEach, share


class Precision(OfEach):
    """Of the pictures predicted as a class, the share that is of it; the mean over classes, or over labels.

    As scikit-learn's `precision_score(average="macro", zero_division=0)`: 0 for what is never predicted, and classes
    count that occur or are predicted.
    """

    also = ("precision_score", "macro_precision", "precision_macro", "MulticlassPrecision", "positive_predictive_value")

    def of_one(self, right: int, true: int, predicted: int) -> float:
        """Predicted correctly, of all predicted."""
        return share(right, predicted)
