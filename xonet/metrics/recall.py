"""The metric `recall`."""

from __future__ import annotations

from xonet.metrics._base import OfEach, share


class Recall(OfEach):
    """Of the pictures of a class, the share that is predicted as it; the mean over classes, or over labels.

    As scikit-learn's `recall_score(average="macro", zero_division=0)`: 0 for what does not occur, and classes count
    that occur or are predicted.
    """

    also = ("recall_score", "macro_recall", "recall_macro", "sensitivity", "MulticlassRecall", "true_positive_rate")

    def of_one(self, right: int, true: int, predicted: int) -> float:
        """Predicted correctly, of all of the class."""
        return share(right, true)
