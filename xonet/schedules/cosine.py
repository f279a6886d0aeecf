"""The schedule `cosine`."""

from __future__ import annotations

import math

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.schedules import Schedule


class Cosine(Schedule):
    """Lets the learning rate fall along half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5).

    It falls at every step, as PyTorch's CosineAnnealingLR does when stepped after each batch with T_max = the
    total number of steps: the first step has the full learning rate, and a step after the last would have `final`.
    """

    also = ("CosineAnnealingLR", "CosineDecay", "CosineAnnealing")

    final: float = field(
        Number(minimum=0, maximum=1), "The fraction of the learning rate that it falls to.", default=0.0
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * epoch / epochs)) / 2
