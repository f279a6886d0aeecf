"""The loss `cross_entropy`: how surprised the network is by the right class."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.losses import CLASSES, VALUES, Loss


class CrossEntropy(Loss):
    """The surprise at the right class: -log of the probability that softmax assigns to it.

    Takes scores, not probabilities: the network does not end with a softmax. Values, as targets, are probabilities.
    PyTorch's CrossEntropyLoss.
    """

    fits = (CLASSES, VALUES)
    by_class = True
    also = ("CrossEntropyLoss", "SoftmaxCrossEntropy", "SoftmaxWithLoss", "softmax_cross_entropy_loss")
    nearly = dict.fromkeys(
        ("categorical_crossentropy", "sparse_categorical_crossentropy", "nll_loss", "NLLLoss"),
        "write cross_entropy; it takes scores, so the network does not end with a softmax",
    )

    label_smoothing: float = field(
        Number(minimum=0, below=1),
        "The fraction of each target that is spread evenly over all classes (Szegedy et al. 2016, section 7).",
        default=0.0,
    )
