"""A schedule whose step or warm-up comes after the last epoch."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.schedules.step import Step

NEEDS = ("training",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the knob that comes too late."""
    training = network.document.training
    if training is None or training.epochs == 0:
        return
    schedule, epochs = training.schedule, training.epochs
    count = f"{epochs} epoch{'s' * (epochs != 1)}"
    if schedule.warmup_epochs >= epochs:
        yield warning(
            "late-schedule",
            f"training ends after {count}, while the learning rate is still rising",
            schedule,
            "warmup_epochs",
            help=f"use fewer than {epochs} warmup_epochs, or train for more epochs",
        )
    if isinstance(schedule, Step) and schedule.every >= epochs:
        yield warning(
            "late-schedule",
            f"training ends after {count}, before the learning rate's first step down",
            schedule,
            "every",
            help="use a smaller `every`, or train for more epochs",
        )
