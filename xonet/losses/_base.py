"""What every loss is."""

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
