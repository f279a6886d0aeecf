"""The metric `auc`."""

from __future__ import annotations

from typing import Any

from xonet.metrics._base import Metric, mean


class AUC(Metric):
    """The area under the ROC curve of each class against all others, or of each label; the mean over them.

    It is the share of pairs, one picture of the class and one of another, of which the first has the greater
    probability; equal ones count half (Fawcett 2006, section 7). As scikit-learn's
    `roc_auc_score(multi_class="ovr", average="macro")`, where that is defined: a class that no picture is of, or that
    all are of, does not count, and where none counts it is 0. Probabilities of all pictures are kept until the end of
    an epoch, 4 bytes for each class of each picture; those that differ only in the last digits of a float32 are equal.
    """

    also = ("roc_auc", "auroc", "roc_auc_score", "auc_roc", "MulticlassAUROC", "area_under_curve", "roc_auc_ovr")
    tally = "Rankings"

    def of_each(self, tally: Any) -> list[float | None]:
        """None where it is not defined."""
        areas: list[float | None] = tally.areas
        return areas

    def value(self, tally: Any) -> float:
        """The mean over those where it is."""
        return mean([area for area in tally.areas if area is not None])
