"""The loss `binary_cross_entropy`: every output by itself says how probable it is."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.losses import Loss, reduction


class BinaryCrossEntropy(Loss):
    """How surprised each output by itself is: -log of the probability that sigmoid assigns to the right answer.

    t · log(1 + e^-score) + (1 - t) · log(1 + e^score), the mean over outputs: PyTorch's BCEWithLogitsLoss. It takes
    scores, not probabilities: the network does not end with a sigmoid. It is for labels, and tells two classes apart
    by a single score, that of the second class. With a score for each of several classes, each is told from all the
    others. Values and pictures, as targets, lie between 0 and 1.
    """

    also = (
        *("BCEWithLogitsLoss", "binary_cross_entropy_with_logits", "bce_with_logits"),
        *("sigmoid_cross_entropy", "sigmoid_cross_entropy_with_logits", "SigmoidBinaryCrossEntropyLoss"),
        *("MultiLabelSoftMarginLoss",),
    )
    nearly: ClassVar = {
        "bce": "write binary_cross_entropy; it takes scores, so the network does not end with a sigmoid",
        "SigmoidCrossEntropyLoss": "write binary_cross_entropy: {reduce: sum}",
    }

    label_smoothing: float = field(
        Number(minimum=0, below=1),
        "How far targets are moved towards 1/2: t becomes (1 - s) · t + s / 2, as Keras has it.",
        default=0.0,
    )
    reduce: str = reduction("mean")
