"""The schedule `one_cycle`."""

from __future__ import annotations

import math

from xonet.language.fields import field
from xonet.language.kinds import Choice, Number
from xonet.schedules import Schedule, steps_of


class OneCycle(Schedule):
    """Lets the learning rate rise to its value and then fall to almost nothing, each along half a cosine or a line.

    From a to b, half a cosine is b + (a - b) · (1 + cos(π · done)) / 2 and a line a · (1 - done) + b · done. Its
    first step has learning_rate / start_divisor and its last learning_rate / (start_divisor · final_divisor), as in
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
    shape: str = field(
        Choice("cosine", "linear"),
        "Along what it rises and falls: half a cosine, or a straight line.",
        default="cosine",
        also=("anneal_strategy",),
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return self._scale(epoch, self.peak * epochs, epochs)

    def _at_step(self, step: int, steps_per_epoch: int, epochs: float) -> float:
        """The last step is the end, not one before it."""
        steps = steps_of(epochs, steps_per_epoch)
        return self._scale(step, self.peak * steps - 1, steps - 1)

    def _scale(self, done: float, top: float, end: float) -> float:
        """Up until `top`, then down until `end`."""
        start = 1 / self.start_divisor
        if done <= top and top > 0:
            return self._leg(start, 1.0, done / top)
        return self._leg(1.0, start / self.final_divisor, (done - top) / (end - top))

    def _leg(self, begin: float, end: float, share: float) -> float:
        """The way from `begin` to `end`."""
        if self.shape == "linear":
            return begin * (1 - share) + end * share
        return end + (begin - end) * (1 + math.cos(math.pi * share)) / 2
