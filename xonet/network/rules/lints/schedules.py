"""A schedule whose step or warm-up lies behind the last epoch."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network
from xonet.network.rules import Scope
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
        yield Diagnostic(
            "late-schedule",
            f"the training ends after {count}, while the learning rate still rises",
            schedule.span("warmup_epochs"),
            "warning",
            help=f"use fewer than {epochs} warmup_epochs, or train for more epochs",
        )
    if isinstance(schedule, Step) and schedule.every >= epochs:
        yield Diagnostic(
            "late-schedule",
            f"the training ends after {count}, before the learning rate takes its first step down",
            schedule.span("every"),
            "warning",
            help="use a smaller `every`, or train for more epochs",
        )
