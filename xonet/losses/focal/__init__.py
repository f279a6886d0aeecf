"""The loss `focal`: what is right already counts little."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.losses import CLASSES, LABELS, ONE_SCORE, Loss


class Focal(Loss):
    """Cross-entropy in which what is right already counts little: alpha · (1 - p)^gamma · -log(p).

    p is the probability of the right answer (Lin et al. 2017, arXiv 1708.02002, equation 5). For classes it is
    softmax's, and `alpha` a common factor: Keras' CategoricalFocalCrossentropy. For labels, and for two classes told
    apart by one score, it is sigmoid's, with `alpha` where the target is 1 and 1 - alpha where it is 0, the mean over
    labels: torchvision's sigmoid_focal_loss. It takes scores, not probabilities.
    """

    fits = (CLASSES, ONE_SCORE, LABELS)
    by_class = True
    also = (
        *("FocalLoss", "sigmoid_focal_loss", "SigmoidFocalLoss", "focal_crossentropy"),
        *("CategoricalFocalCrossentropy", "BinaryFocalCrossentropy"),
    )

    gamma: float = field(
        Number(minimum=0), "How much less counts what is right already; with 0 everything counts alike.", default=2.0
    )
    alpha: float = field(
        Number(minimum=0, maximum=1),
        "The weight of a label that holds, that of one that does not being 1 - alpha; of classes, a common factor.",
        default=0.25,
    )
