"""The schedule `one_cycle`."""

from __future__ import annotations

import math

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.schedules import Schedule


class OneCycle(Schedule):
    """Lets the learning rate rise to its value and then fall to almost nothing, each along half a cosine.

    Its first step has learning_rate / start_divisor and its last learning_rate / (start_divisor · final_divisor), as in
    PyTorch's OneCycleLR, whose defaults these are (Smith and Topin 2018, arXiv 1708.07120). It does not need
    `warmup_epochs`.
    """

    also = ("OneCycleLR",)

    peak: float = field(
        Number(above=0, below=1),
        "The fraction of training after which it is highest.",
        default=0.3,
        also=("pct_start",),
    )
    start_divisor: float = field(
        Number(minimum=1),
        "How many times smaller the learning rate is at the start.",
        default=25.0,
        also=("div_factor",),
    )
    final_divisor: float = field(
        Number(minimum=1),
        "How many times smaller than at the start it is at the end.",
        default=1e4,
        also=("final_div_factor",),
    )

    def scale(self, epoch: float, epochs: int) -> float:
        """See the base."""
        return self._scale(epoch, self.peak * epochs, epochs)

    def _at_step(self, step: int, steps_per_epoch: int, epochs: int) -> float:
        """The last step is the end, not one before it."""
        steps = epochs * steps_per_epoch
        return self._scale(step, self.peak * steps - 1, steps - 1)

    def _scale(self, done: float, top: float, end: float) -> float:
        """Up until `top`, then down until `end`."""
        start = 1 / self.start_divisor
        if done <= top and top > 0:
            return _leg(start, 1.0, done / top)
        return _leg(1.0, start / self.final_divisor, (done - top) / (end - top))


def _leg(begin: float, end: float, share: float) -> float:
    """Half a cosine from `begin` to `end`."""
    return end + (begin - end) * (1 + math.cos(math.pi * share)) / 2
