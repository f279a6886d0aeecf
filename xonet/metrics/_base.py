"""What every metric is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from xonet.language.families import Family
from xonet.language.fields import Record
from xonet.losses import CLASSES, LABELS, ONE_SCORE

EACH = (CLASSES, ONE_SCORE, LABELS)
"""Answers that are right or wrong."""


class Metric(Record):
    """Base of every metric's declaration."""

    fits: ClassVar[tuple[str, ...]] = EACH
    """The answers that it can measure."""
    rises: ClassVar[bool] = True
    """Whether more of it is better; it is then between 0 and 1, or below 0 where it is worse than a guess."""
    tally: ClassVar[str] = "Decisions"
    """The class in `_tallies.py` that finds what it is made of."""
    needs_probabilities: ClassVar[bool] = False
    """Whether scores as they are, without a loss that makes probabilities of them, tell it nothing."""

    k: int = 0
    """The number in its name, where one is."""

    def value(self, tally: Any) -> float:
        """What it comes to."""
        raise NotImplementedError

    def of_each(self, tally: Any) -> Sequence[float | None]:
        """Of each class or label, None where it is not defined; empty where there is no such thing."""
        return ()


class OfEach(Metric):
    """A metric of each class, or each label, whose value is their mean: all count the same, however many pictures."""

    def of_each(self, tally: Any) -> list[float]:
        """One of each."""
        return [self.of_one(*counts) for counts in tally.counts]

    def of_one(self, right: int, true: int, predicted: int) -> float:
        """Of one: pictures predicted correctly, of it, and predicted as it."""
        raise NotImplementedError

    def value(self, tally: Any) -> float:
        """The mean over labels, or over the classes that occur or are predicted."""
        every = zip(self.of_each(tally), tally.counts, strict=True)
        return mean([one for one, (_, true, predicted) in every if true or predicted or tally.of_labels])


def mean(values: Sequence[float]) -> float:
    """Their mean; 0 of none."""
    return share(sum(values), len(values))


def share(part: float, whole: float) -> float:
    """What a part is of a whole; 0 of nothing, as scikit-learn's `zero_division=0`."""
    return part / whole if whole else 0.0


class Metrics(Family[Metric]):
    """The family, in which one word stands for many names: `top_5_accuracy` and the like."""

    def named(self, name: str) -> Metric:
        """The metric of a name.

        Raises:
            KeyError: where there is none.
        """
        if numbered := re.fullmatch(NUMBERED, name):
            metric = self.members["top_k_accuracy"]()
            metric.k = int(numbered[1])
            return metric
        if name == "top_k_accuracy":
            raise KeyError(name)
        return self.members[name]()

    @property
    def names(self) -> list[str]:
        """Every name that stands for one metric only."""
        return [word for word in self.members if word != "top_k_accuracy"]


NUMBERED = "top_([1-9][0-9]{0,5})_accuracy"
"""Names of top-k accuracies, as a regular expression."""

METRICS = Metrics(
    "metric",
    "xonet.metrics",
    Metric,
    {
        **dict.fromkeys(
            ("cross_entropy", "logloss", "log_loss", "loss", "nll", "categorical_crossentropy"),
            "remove it: the loss is always measured",
        ),
        **dict.fromkeys(
            ("mape", "mean_absolute_percentage_error", "msle", "mean_squared_log_error"),
            "write mean_absolute_error; relative errors are not available",
        ),
        **dict.fromkeys(
            ("mse", "mean_squared_error", "MeanSquaredError"),
            "write root_mean_squared_error; its square is the mean squared error",
        ),
        **dict.fromkeys(
            ("error", "error_rate", "top1_error", "top_1_error"), "write accuracy: it is 1 minus the share of errors"
        ),
        **dict.fromkeys(
            ("top5_error", "top_5_error", "top_k_error"), "write top_5_accuracy: it is 1 minus the share of errors"
        ),
        **dict.fromkeys(
            ("top5", "top_5", "top5_accuracy", "acc5", "acc@5", "top5acc", "top_5_acc", "prec@5"),
            "write top_5_accuracy",
        ),
        **dict.fromkeys(("top1", "top_1", "acc@1", "acc1", "prec@1", "top1acc"), "write accuracy"),
        **dict.fromkeys(
            (
                "top_k_accuracy",
                "top_k_accuracy_score",
                "top_k_categorical_accuracy",
                "sparse_top_k_categorical_accuracy",
                "TopKCategoricalAccuracy",
                "topk",
                "top_k",
            ),
            "write top_5_accuracy, or another number",
        ),
        **dict.fromkeys(
            ("average_precision", "pr_auc", "auc_pr", "auprc", "map", "mAP", "average_precision_score"),
            "write auc, the area under the ROC curve; the one under precision and recall is not available",
        ),
        **dict.fromkeys(("confusion_matrix", "confusion"), "remove it: `xonet evaluate` prints the confusion matrix"),
        **dict.fromkeys(
            ("micro_f1", "f1_micro"), "write accuracy: of classes, micro averages are the same; or write f1"
        ),
        **dict.fromkeys(("weighted_f1", "f1_weighted"), "write f1: each class counts the same"),
        "specificity": "write recall: that of the other class is the specificity of two",
    },
    absent=("cohen_kappa", "matthews_corrcoef", "mcc", "brier_score", "IoU", "dice", "perplexity", "psnr", "ssim"),
)
"""Every metric of the language."""
