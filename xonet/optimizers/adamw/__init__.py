"""The optimizer `adamw`: adam, with weight decay kept apart."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.optimizers._moments import Moments


class Adamw(Moments):
    """Adam with weight decay kept out of the moments (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2).

    Before each step, parameters shrink by learning_rate · weight_decay of themselves.
    """

    weight_decay: float = field(Number(minimum=0), "How strongly parameters are pulled to zero.", default=0.01)
