"""The schedule `cosine`."""

from __future__ import annotations

import math

from xonet.language.fields import Number, field
from xonet.schedules import Schedule


class Cosine(Schedule):
    """Lets the learning rate fall along half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983, equation 5)."""

    also = ("CosineAnnealingLR", "CosineDecay", "CosineAnnealing")

    final: float = field(Number(minimum=0, maximum=1), "The fraction of the learning rate at the end.", default=0.0)

    def scale(self, epoch: float, epochs: int) -> float:
        """See the base."""
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * epoch / epochs)) / 2
