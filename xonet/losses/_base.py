"""Losses, one room each: `__init__` declares, `reference` computes in plain NumPy, `native` holds the kernel.

`reference` has `forward(loss, scores, targets)`, the loss of each picture (n,); `backward(loss, scores, targets)`,
the gradient (n, outputs) of each picture's own loss, not yet of their mean; and `probabilities(loss, scores)`, what a
user is shown for scores (n, outputs). Targets are (n, outputs): 1 for the right class and 0 elsewhere, or the values
to reach.
"""

from __future__ import annotations

from xonet.language.families import Family
from xonet.language.fields import Record


class Loss(Record):
    """Base of every loss's declaration. A batch's loss is the mean over its pictures."""


LOSSES: Family[Loss] = Family(
    "loss",
    "xonet.losses",
    Loss,
    dict.fromkeys(
        ("BCELoss", "BCEWithLogitsLoss", "bce", "binary_crossentropy", "sigmoid_cross_entropy"),
        "write cross_entropy, and two classes, with a score for each",
    ),
    absent=(
        *("SmoothL1Loss", "HuberLoss", "huber", "smooth_l1", "KLDivLoss", "kl_divergence", "FocalLoss", "CTCLoss"),
        *("hinge", "HingeLoss", "HingeEmbeddingLoss", "MultiMarginLoss", "TripletMarginLoss", "CosineEmbeddingLoss"),
        *("PoissonNLLLoss", "cosine_similarity", "DiceLoss"),
    ),
)
"""Every loss of the language."""
