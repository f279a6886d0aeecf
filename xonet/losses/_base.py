"""What every loss is."""

from __future__ import annotations

import copy
from typing import Any, ClassVar, TypeVar

from xonet.language.families import Family
from xonet.language.fields import Record, field
from xonet.language.kinds import Choice

L = TypeVar("L", bound="Loss")

CLASSES, ONE_SCORE, LABELS, VALUES, INPUT = ANSWERS = ("classes", "one score", "labels", "values", "input")
"""What a network may be asked for: one class of several, one of two by a single score, labels of which several may
hold, values, or its own input."""


TOLD = {
    CLASSES: "classes",
    ONE_SCORE: "two classes told apart by one score",
    LABELS: "labels",
    VALUES: "values",
    INPUT: "its input",
}
"""Each in words, after `asked for`."""


class Loss(Record):
    """Base of every loss's declaration. A batch's loss is the mean over its pictures."""

    fits: ClassVar[tuple[str, ...]] = ANSWERS
    """The answers that it can measure."""
    has_probabilities: ClassVar[bool] = True
    """Whether scores stand for probabilities; otherwise its reference gives the scores as they are for these."""
    by_class: ClassVar[bool] = False
    """Whether it is about the right class of several, as PyTorch takes it: by its number."""
    answers: str = CLASSES
    """What it measures in this network: one of `fits`."""
    advice: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("weight", "class_weight", "class_weights", "pos_weight"),
            "write class_weights: {X: 1, O: 3}, with your classes, under training",
        ),
        "reduction": "remove it: a batch's loss is the mean over its pictures; over outputs, some losses have reduce",
        "from_logits": "remove it: the loss takes scores, so the network ends with neither sigmoid nor softmax",
    }

    def of(self: L, answers: str) -> L:
        """The same loss, for these answers: always the same object."""
        if answers == self.answers:
            return self
        others: dict[str, L] = vars(self).setdefault("_others", {})
        if answers not in others:
            others[answers] = other = copy.copy(self)
            vars(other).pop("_others")
            other.answers = answers
        return others[answers]


def reduction(default: str) -> Any:
    """The knob `reduce` of a loss that looks at every output by itself."""
    return field(
        Choice("sum", "mean"),
        "Whether a picture's loss is the sum over its outputs, or their mean.",
        default=default,
        also=("reduction",),
    )


def factor(loss: Any, outputs: int) -> float:
    """What the sum over so many outputs is multiplied by."""
    return 1 / outputs if loss.reduce == "mean" else 1.0


LOSSES: Family[Loss] = Family(
    "loss",
    "xonet.losses",
    Loss,
    {
        "BCELoss": "write binary_cross_entropy; it takes scores, so the network does not end with a sigmoid",
        "SmoothL1Loss": "write huber: {delta: 1}; with another beta, SmoothL1Loss is huber with delta: beta, over beta",
        "smooth_l1": "write huber: {delta: 1}; with another beta, smooth_l1 is huber with delta: beta, over beta",
        **dict.fromkeys(
            ("SquaredHingeLoss", "squared_hinge", "HingeEmbeddingLoss", "SoftMarginLoss"),
            "it is not available; write hinge, for classes, or binary_cross_entropy",
        ),
        **dict.fromkeys(
            ("contrastive", "ContrastiveLoss", "triplet", "TripletMarginLoss", "CosineEmbeddingLoss", "NTXentLoss"),
            "it is not available: it compares several pictures, and a network has one input",
        ),
        **dict.fromkeys(
            ("dice", "DiceLoss", "jaccard", "IoULoss", "TverskyLoss", "LovaszLoss"),
            "it is not available: it is for a class for each pixel, and a network answers for a whole picture",
        ),
    },
    absent=(
        *("CTCLoss", "MultiLabelMarginLoss", "PoissonNLLLoss"),
        "GaussianNLLLoss",
    ),
)
"""Every loss of the language."""
