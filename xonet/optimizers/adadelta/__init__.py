"""The optimizer `adadelta`: steps as long as the steps before, whatever the gradient's unit."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.optimizers import Optimizer


class Adadelta(Optimizer):
    """Scales each parameter's gradient by its usual step over its usual gradient (Zeiler 2012, arXiv 1212.5701).

    square = rho · square + (1 - rho) · gradient², change = √(moved + epsilon) / √(square + epsilon) · gradient, moved =
    rho · moved + (1 - rho) · change², and parameters decrease by learning_rate · change (algorithm 1; the paper has no
    learning rate, which is 1). `weight_decay` is added to the gradient.
    """

    state = ("square", "moved")
    usual = (1e-3, 10.0)
    begin_with = 1.0

    learning_rate: float = field(
        Number(above=0),
        "The step size, before the schedule's factor; 1 is what the paper has.",
        default=1.0,
        also=Optimizer.fields["learning_rate"].also,
    )
    rho: float = field(
        Number(minimum=0, below=1),
        "How much of both running means, of squared gradients and of squared steps, is kept at each step.",
        default=0.9,
    )
    epsilon: float = field(
        Number(above=0),
        "Added below both roots: it lets the first steps be more than zero, so it matters how large it is.",
        default=1e-6,
        also=("eps", "delta"),
    )
