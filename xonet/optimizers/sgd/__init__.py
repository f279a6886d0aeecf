"""The optimizer `sgd`: down the slope, optionally with momentum."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Flag, Number
from xonet.optimizers import Optimizer


class Sgd(Optimizer):
    """Stochastic gradient descent, optionally with momentum.

    velocity = momentum · velocity + gradient, and parameters decrease by learning_rate · velocity; with `nesterov`, by
    learning_rate · (gradient + momentum · velocity) (Sutskever et al. 2013, section 2, in PyTorch's form).
    """

    also = ("GradientDescent", "StochasticGradientDescent")

    state = ("velocity",)
    usual = (1e-5, 2.0)
    begin_with = 0.05

    momentum: float = field(
        Number(minimum=0, below=1), "How much of the previous step's direction is kept.", default=0.0
    )
    nesterov: bool = field(
        Flag(), "Whether the step looks ahead along the momentum; without momentum this has no effect.", default=False
    )
