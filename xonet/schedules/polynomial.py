"""The schedule `polynomial`."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.schedules import Schedule


class Polynomial(Schedule):
    """Lets the learning rate fall along a line or a power of one: final + (1 - final) · (1 - done) ^ power.

    `done` is the fraction of training that is over, from step to step. That is PyTorch's PolynomialLR stepped after
    each batch with total_iters = the total number of steps, and Keras' PolynomialDecay with decay_steps the same; its
    end_learning_rate is `final` · learning_rate.
    """

    also = ("PolynomialLR", "PolynomialDecay", "poly")
    advice: ClassVar = {
        "end_learning_rate": "write final, a fraction of the learning rate",
        **dict.fromkeys(("total_iters", "decay_steps", "max_iter"), "remove it: it reaches the end with the last step"),
    }

    power: float = field(
        Number(above=0), "1 is a straight line; with more, it falls sooner and ends flatter.", default=1.0
    )
    final: float = field(
        Number(minimum=0, maximum=1), "The fraction of the learning rate that it falls to.", default=0.0
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return float(self.final + (1 - self.final) * (1 - epoch / epochs) ** self.power)
