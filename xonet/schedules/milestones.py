"""The schedule `milestones`."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import ListOf, Number
from xonet.schedules import Schedule


class Milestones(Schedule):
    """Multiplies the learning rate by a factor after certain epochs: factor ^ (how many of them are over).

    As PyTorch's MultiStepLR stepped after each epoch; an epoch may be a fraction here (`at: [1.5]`).
    """

    also = ("MultiStepLR", "multistep", "steps")
    advice: ClassVar = {"scales": "write factor, which is the same at each: factor: 0.1"}

    at: tuple[float, ...] = field(
        ListOf(Number(above=0), minimum=1, unique=True),
        "How many epochs are over at each change.",
        example=[30, 60],
        also=("milestones", "steps", "stepvalue", "boundaries"),
    )
    factor: float = field(
        Number(above=0, maximum=1), "What the learning rate is multiplied by each time.", default=0.1, also=("gamma",)
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return float(self.factor ** sum(epoch >= at for at in self.at))
