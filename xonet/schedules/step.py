"""The schedule `step`."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Integer, Number
from xonet.schedules import Schedule


class Step(Schedule):
    """Multiplies the learning rate by a factor every few epochs.

    PyTorch's StepLR.
    """

    also = ("StepLR", "StepDecay")

    every: int = field(
        Integer(minimum=1),
        "The number of epochs between two changes.",
        example=10,
        also=("step_size", "stepsize", "step"),
    )
    factor: float = field(
        Number(above=0, maximum=1), "What the learning rate is multiplied by each time.", default=0.1, also=("gamma",)
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return float(self.factor ** (int(epoch) // self.every))
