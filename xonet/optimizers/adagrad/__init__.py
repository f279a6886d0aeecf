"""The optimizer `adagrad`: shorter steps for what has been changed much."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.optimizers import Optimizer


class Adagrad(Optimizer):
    """Divides each parameter's gradient by the root of all its squares so far (Duchi et al. 2011, section 1.1).

    total = total + gradient², and parameters decrease by learning_rate · gradient / (√total + epsilon), as in PyTorch:
    Keras has epsilon below the root. `weight_decay` is added to the gradient.
    """

    state = ("total",)
    usual = (1e-4, 1.0)
    begin_with = 0.01
    advice = Optimizer.advice | {"lr_decay": "write a schedule under training for a decaying learning rate"}

    initial_accumulator: float = field(
        Number(minimum=0),
        "What the sum of squared gradients begins with; Keras has 0.1.",
        default=0.0,
        also=("initial_accumulator_value",),
    )
    epsilon: float = field(
        Number(above=0), "Added to the divisor of each step, to avoid division by zero.", default=1e-10, also=("eps",)
    )
