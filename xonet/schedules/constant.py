"""The schedule `constant`."""

from __future__ import annotations

from typing import ClassVar

from xonet.schedules import Schedule


class Constant(Schedule):
    """The same learning rate from the first step to the last.

    What PyTorch does without a scheduler.
    """

    also = ("fixed",)
    nearly: ClassVar = {
        "ConstantLR": "write constant; where it begins lower, pieces: {points: {0: 0.03, 5: 0.1}, between: constant}"
    }

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return 1.0
