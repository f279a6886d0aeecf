"""What every optimizer is."""

from __future__ import annotations

from copy import copy
from typing import ClassVar, TypeVar

from xonet.language.families import Family
from xonet.language.fields import Record, field
from xonet.language.kinds import Number

Own = TypeVar("Own", bound="Optimizer")


class Optimizer(Record):
    """Base of every optimizer's declaration."""

    usual: ClassVar[tuple[float, float]] = (1e-7, 10.0)
    """The range of learning rates it is normally used with; `validate` warns about others."""
    begin_with: ClassVar[float] = 0.001
    """A learning rate to try first."""

    advice: ClassVar = {
        "decay": "write a schedule under training for a decaying learning rate, or weight_decay",
        "betas": "write beta1 and beta2",
        "amsgrad": "remove it: it is not available",
    }

    learning_rate: float = field(
        Number(above=0),
        "The step size, before the schedule's factor.",
        example=0.001,
        also=("lr", "base_lr", "step_size", "eta"),
    )
    weight_decay: float = field(
        Number(minimum=0), "How strongly parameters are pulled towards zero.", default=0.0, also=("wd",)
    )

    @property
    def state(self) -> tuple[str, ...]:
        """Names of the vectors it keeps, each as long as the parameters; most declare a plain tuple."""
        return ()

    def decayed(self: Own, factor: float) -> Own:
        """The same optimizer, its weight decay times `factor`."""
        if factor == 1:
            return self
        other = copy(self)
        other.weight_decay = self.weight_decay * factor
        return other


OPTIMIZERS: Family[Optimizer] = Family(
    "optimizer",
    "xonet.optimizers",
    Optimizer,
    {
        **dict.fromkeys(("momentum", "nesterov"), "write sgd: {learning_rate: 0.1, momentum: 0.9}"),
        "NAdam": "write adam, or sgd with momentum and nesterov: adam with nesterov's momentum is not available",
        "RAdam": "write adam, and warmup_epochs in the schedule, which is what radam's first steps are like",
        "Adamax": "write adam: its form with the largest gradient is not available",
        "SparseAdam": "write adam: gradients are never sparse here",
        "AdaBelief": "write adam: its form that measures the gradient's surprise is not available",
        "Rprop": "write rmsprop: it is rprop's form for batches of a part of the pictures",
        "LARS": "write lamb: it scales adam's step by each tensor's size, as lars does sgd's",
    },
    absent=("Adafactor", "Ftrl", "LBFGS", "ASGD"),
)
"""Every optimizer of the language."""
