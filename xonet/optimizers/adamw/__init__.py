"""The optimizer `adamw`: adam with decoupled weight decay."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.optimizers._moments import Moments


class Adamw(Moments):
    """Adam with weight decay kept out of the moments (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2).

    Before each step, parameters are multiplied by 1 - learning_rate · weight_decay.
    """

    weight_decay: float = field(Number(minimum=0), "How strongly parameters are pulled towards zero.", default=0.01)
