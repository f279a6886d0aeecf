"""The metric `f1`."""

from __future__ import annotations

from xonet.metrics._base import OfEach, share


class F1(OfEach):
    """The harmonic mean of precision and recall of each class, or each label; the mean over them.

    As scikit-learn's `f1_score(average="macro", zero_division=0)`: 0 for what neither occurs nor is predicted, and
    classes count that occur or are predicted.
    """

    also = (
        *(
            "f1_score",
            "macro_f1",
            "f1_macro",
            "fscore",
            "f_score",
            "f_measure",
            "fbeta",
            "F1Score",
            "MulticlassF1Score",
        ),
        *("dice_coefficient",),
    )

    def of_one(self, right: int, true: int, predicted: int) -> float:
        """2 · precision · recall / (precision + recall)."""
        return share(2 * right, true + predicted)
