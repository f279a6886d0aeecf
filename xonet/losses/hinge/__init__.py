"""The loss `hinge`: the right class is to win by a margin."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.losses import CLASSES, Loss


class Hinge(Loss):
    """The right class's score is to lead each other one by `margin`: what is missing counts.

    The sum over the other classes of max(0, margin - score of the right class + score), divided by the number of all
    classes: PyTorch's MultiMarginLoss with p = 1. Keras' Hinge, of labels 1 and -1, is something else.
    """

    has_probabilities = False
    fits = (CLASSES,)
    by_class = True
    also = ("MultiMarginLoss", "multi_margin_loss")
    nearly: ClassVar = {
        "CategoricalHinge": "write hinge; every class that is too near counts, where CategoricalHinge has the nearest",
        **dict.fromkeys(
            ("HingeLoss", "hinge_loss"),
            "write hinge; it compares each class with the right one, where others compare each score with 1 or -1",
        ),
    }

    margin: float = field(Number(above=0), "How far the right class is to lead.", default=1.0)
