"""What a schedule says that has no effect: a step, a point or a warm-up after the last epoch, for example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from xonet.diagnostics import Diagnostic
from xonet.language.fields import Record
from xonet.language.words import counted
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.optimizers import OPTIMIZERS, Optimizer
from xonet.schedules.milestones import Milestones
from xonet.schedules.pieces import Pieces
from xonet.schedules.plateau import Plateau
from xonet.schedules.step import Step

NEEDS = ("training",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at each knob, or entry of one."""
    training = network.document.training
    if training is None or training.epochs == 0:
        return
    schedule, epochs = training.schedule, training.epochs
    if schedule.warmup_epochs >= epochs:
        yield warning(
            "late-schedule",
            f"training ends after {counted(epochs, 'epoch')}, while the learning rate is still rising",
            schedule,
            "warmup_epochs",
            help=f"use fewer than {epochs} warmup_epochs, or train for more epochs",
        )
    if isinstance(schedule, Step) and schedule.every >= epochs:
        yield warning(
            "late-schedule",
            f"training ends after {counted(epochs, 'epoch')}, before the learning rate's first step down",
            schedule,
            "every",
            help="use a smaller `every`, or train for more epochs",
        )
    if isinstance(schedule, Milestones):
        yield from _milestones(schedule, epochs)
    if isinstance(schedule, Pieces):
        yield from _pieces(schedule, epochs)
        yield from _unused(schedule, training.optimizer)
    if isinstance(schedule, Plateau):
        yield from _plateau(schedule, epochs, training.optimizer.learning_rate)


def _milestones(schedule: Milestones, epochs: float) -> Iterator[Diagnostic]:
    for number, at in enumerate(schedule.at):
        if at >= epochs:
            found = warning(
                "late-schedule",
                f"training ends after {counted(epochs, 'epoch')}, before the learning rate changes at {at:g}",
                schedule,
                "at",
                help=f"use fewer than {epochs} epochs here, or remove it",
            )
            yield _at_entry(found, schedule, "at", number)
        elif number and at < schedule.at[number - 1]:
            yield _at_entry(
                _unordered(schedule, "at", f"{at:g}", f"{schedule.at[number - 1]:g}"), schedule, "at", number
            )


def _pieces(schedule: Pieces, epochs: float) -> Iterator[Diagnostic]:
    node = schedule.node.get("points") if schedule.node else None
    before = ""
    for key, place in node.keys.items() if node else ():
        at = float(key)
        if at > epochs or (at == epochs and schedule.between == "constant"):
            found = warning(
                "late-schedule",
                f"training ends after {counted(epochs, 'epoch')}, before the point at {key}",
                schedule,
                "points",
                help=f"use {epochs} epochs or fewer here, or remove the point",
            )
            yield replace(found, span=place)
        elif before and at <= float(before):
            yield replace(_unordered(schedule, "points", key, before), span=place)
        before = key


def _unused(schedule: Pieces, optimizer: Optimizer) -> Iterator[Diagnostic]:
    rates = schedule.points.values()
    if optimizer.learning_rate not in rates:
        yield warning(
            "unused-learning-rate",
            f"the points of pieces are the learning rates: {optimizer.learning_rate:g} of {OPTIMIZERS.word(optimizer)} "
            "is not used",
            optimizer,
            "learning_rate",
            help=f"write {max(rates):g}, the highest point",
        )


def _plateau(schedule: Plateau, epochs: float, learning_rate: float) -> Iterator[Diagnostic]:
    if schedule.patience + 2 >= epochs:  # the first epoch is always the best so far; the next rate is one later
        yield warning(
            "late-schedule",
            f"training ends after {counted(epochs, 'epoch')}, before the learning rate can fall: "
            f"at the soonest it does after {schedule.patience + 2}",
            schedule,
            "patience",
            help="use less patience, or train for more epochs",
        )
    if schedule.minimum >= learning_rate:
        yield warning(
            "unused-schedule",
            f"the learning rate of {learning_rate:g} cannot fall: its minimum is {schedule.minimum:g}",
            schedule,
            "minimum",
            help=f"use a minimum below {learning_rate:g}, such as 0",
        )


def _unordered(schedule: Record, knob: str, this: str, before: str) -> Diagnostic:
    same = float(this) == float(before)
    return warning(
        "unordered-schedule",
        f"{this} stands after {before}" + (": they are the same number of epochs" if same else ", but comes before it"),
        schedule,
        knob,
        help="keep one" if same else "write them in the order of the epochs",
    )


def _at_entry(found: Diagnostic, record: Record, knob: str, number: int) -> Diagnostic:
    """The finding at one entry of a list."""
    written = record.node.get(knob) if record.node else None
    return replace(found, span=written.value[number].span) if written else found
