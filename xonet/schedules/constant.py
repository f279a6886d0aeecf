"""The schedule `constant`."""

from __future__ import annotations

from xonet.schedules import Schedule


class Constant(Schedule):
    """The same learning rate from the first step to the last."""

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return 1.0
