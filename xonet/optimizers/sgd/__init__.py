"""The optimizer `sgd`: down the slope, with momentum where wanted."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Flag, Number
from xonet.optimizers import Optimizer


class Sgd(Optimizer):
    """Stochastic gradient descent, with momentum where wanted.

    velocity = momentum · velocity + gradient, and parameters lose learning_rate · velocity; with `nesterov`,
    learning_rate · (gradient + momentum · velocity) (Sutskever et al. 2013, section 2, in PyTorch's form).
    """

    also = ("GradientDescent", "StochasticGradientDescent")

    state = ("velocity",)
    usual = (1e-5, 2.0)
    begin_with = 0.05

    momentum: float = field(Number(minimum=0, below=1), "How much of the last step's direction stays.", default=0.0)
    nesterov: bool = field(
        Flag(), "Whether the step looks ahead along the momentum; without momentum it changes nothing.", default=False
    )
