"""The optimizer `rmsprop`: each step divided by the usual size of its gradient."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Flag, Number
from xonet.optimizers import Optimizer


class Rmsprop(Optimizer):
    """Divides each parameter's gradient by the root of its mean square (Tieleman and Hinton 2012, lecture 6e).

    square = alpha · square + (1 - alpha) · gradient², and parameters decrease by learning_rate · gradient /
    (√square + epsilon), as in PyTorch: Keras has epsilon below the root. With `momentum`, velocity = momentum ·
    velocity + that quotient, and parameters decrease by learning_rate · velocity. With `centered`, the gradient's mean
    squared is subtracted from `square` below the root (Graves 2013, arXiv 1308.0850, equations 38 to 41).
    `weight_decay` is added to the gradient.
    """

    usual = (1e-6, 0.1)

    alpha: float = field(
        Number(minimum=0, below=1),
        "How much of the squared gradient's running mean is kept at each step.",
        default=0.99,
        also=("rho", "rms_decay"),
    )
    momentum: float = field(
        Number(minimum=0, below=1), "How much of the previous step's direction is kept.", default=0.0
    )
    centered: bool = field(
        Flag(), "Whether steps are divided by the gradient's standard deviation, not by its root mean square.",
        default=False,
    )  # fmt: skip
    epsilon: float = field(
        Number(above=0), "Added to the divisor of each step, to avoid division by zero.", default=1e-8, also=("eps",)
    )

    @property
    def state(self) -> tuple[str, ...]:
        """What its knobs need."""
        return ("square", *(("velocity",) if self.momentum else ()), *(("mean",) if self.centered else ()))
