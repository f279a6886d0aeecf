"""The optimizer `lamb`: adamw's step, as long for each weight tensor as its size asks for."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.optimizers._moments import Moments


class Lamb(Moments):
    """Adam's direction, scaled to the size of each weight tensor, for large batches (You et al. 2020, algorithm 2).

    Of each tensor, update = mean / (√square + epsilon) + weight_decay · weights, both moments corrected as adam's
    (arXiv 1904.00962), and the tensor decreases by learning_rate · ‖weights‖ / ‖update‖ · update; where either norm is
    0, their ratio counts as 1. So it does for what has one dimension, biases and the scales and shifts of
    normalizations, as in Apex and timm: a bias that begins at 0 would hardly learn otherwise. The gradient's norm is
    not clipped.
    """

    usual = (1e-5, 0.1)
    begin_with = 0.002

    epsilon: float = field(
        Number(above=0), "Added to the divisor of each step, to avoid division by zero.", default=1e-6, also=("eps",)
    )
