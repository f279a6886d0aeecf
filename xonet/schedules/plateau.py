"""The schedule `plateau`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Choice, Integer, Number
from xonet.metrics import rises
from xonet.schedules import Schedule
from xonet.schedules._monitors import MONITOR, monitored

_NO_CHANGE = 1e-8
"""Learning rates that differ by no more are one, as for PyTorch."""


class Plateau(Schedule):
    """Multiplies the learning rate by a factor whenever what is measured after each epoch stops to improve.

    As PyTorch's ReduceLROnPlateau, whose defaults these are: a value counts as better where it is below best ·
    (1 - threshold), or an accuracy above best · (1 + threshold). After more than `patience` epochs that were not
    better the learning rate falls, no lower than `minimum`; epochs are then counted anew, once `cooldown` is over.
    """

    also = ("ReduceLROnPlateau", "reduce_on_plateau")
    advice: ClassVar = {
        "min_delta": "write threshold: {value}, threshold_mode: absolute",
        "mode": "remove it: a loss falls, an accuracy rises",
    }

    monitor: str = field(MONITOR, "What must improve: a loss falls, an accuracy rises.", default="validation_loss")
    factor: float = field(
        Number(above=0, below=1), "What the learning rate is multiplied by each time.", default=0.1, also=("gamma",)
    )
    patience: int = field(Integer(minimum=0), "How many epochs may pass without an improvement.", default=10)
    threshold: float = field(
        Number(minimum=0), "Only a change larger than this counts as an improvement.", default=1e-4
    )
    threshold_mode: str = field(
        Choice("relative", "absolute"), "Whether `threshold` is a fraction of the best value or a difference.",
        default="relative",
    )  # fmt: skip
    cooldown: int = field(Integer(minimum=0), "How many epochs after a change are not counted.", default=0)
    minimum: float = field(
        Number(minimum=0), "The learning rate falls no lower than this.", default=0.0, also=("min_lr",)
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """Between two changes, the learning rate is constant."""
        return 1.0

    def after(self, learning_rate: float, rows: Sequence[Mapping[str, Any]]) -> float:
        """All that it knows follows from the rows, so that it goes on after a resume as if there had been none."""
        best, bad, cooling = math.inf, 0, 0
        for value in monitored(self.monitor, rows):
            if self._better(value, best):
                best, bad = value, 0
            else:
                bad += 1
            if cooling:
                cooling, bad = cooling - 1, 0
            if bad > self.patience:
                lower = max(learning_rate * self.factor, self.minimum)
                learning_rate = lower if learning_rate - lower > _NO_CHANGE else learning_rate
                bad, cooling = 0, self.cooldown
        return learning_rate

    def _better(self, value: float, best: float) -> bool:
        """Less is better; the first value is better than none."""
        if math.isinf(best):
            return value < best
        if self.threshold_mode == "absolute":
            return value < best - self.threshold
        return value < best * (1 + self.threshold if rises(self.monitor) else 1 - self.threshold)
