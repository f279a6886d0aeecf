"""The optimizer `lion`: every parameter moves by the same length."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.optimizers import Optimizer


class Lion(Optimizer):
    """Moves each parameter by the learning rate, in the direction of a mean gradient's sign (Chen et al. 2023).

    Parameters are multiplied by 1 - learning_rate · weight_decay, and decrease by learning_rate · sign(beta1 · mean +
    (1 - beta1) · gradient); then mean = beta2 · mean + (1 - beta2) · gradient (arXiv 2302.06675, algorithm 2). The
    paper takes a learning rate of a third to a tenth of adamw's, and as many times its weight decay.
    """

    also = ("EvoLved Sign Momentum",)

    state = ("mean",)
    usual = (1e-7, 0.01)
    begin_with = 1e-4

    beta1: float = field(
        Number(minimum=0, below=1),
        "How much the running mean counts in a step's direction, beside the gradient.",
        default=0.9,
        also=("b1",),
    )
    beta2: float = field(
        Number(minimum=0, below=1),
        "How much of the gradient's running mean is kept at each step.",
        default=0.99,
        also=("b2",),
    )
