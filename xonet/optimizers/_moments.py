"""What `adam` and `adamw` share: two moments of the gradient."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.optimizers import Optimizer


class Moments(Optimizer):
    """Base of optimizers that keep running means of the gradient and of its square."""

    state = ("mean", "square")
    usual = (1e-6, 0.05)

    beta1: float = field(
        Number(minimum=0, below=1),
        "How much of the gradient's running mean is kept at each step.",
        default=0.9,
        also=("b1",),
    )
    beta2: float = field(
        Number(minimum=0, below=1),
        "How much of the squared gradient's running mean is kept at each step.",
        default=0.999,
        also=("b2",),
    )
    epsilon: float = field(
        Number(above=0), "Added to the divisor of each step, to avoid division by zero.", default=1e-8, also=("eps",)
    )
