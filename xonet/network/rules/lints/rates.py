"""A learning rate far outside its optimizer's usual range."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.optimizers import OPTIMIZERS, Optimizer

NEEDS = ("training",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the learning rate."""
    training = network.document.training
    if training is None or training.epochs == 0:
        return
    optimizer = training.optimizer
    for each in (optimizer, *(knob for knob in vars(optimizer).values() if isinstance(knob, Optimizer))):
        low, high = each.usual
        if not low <= each.learning_rate <= high:
            word = OPTIMIZERS.word(each)
            yield warning(
                "unusual-learning-rate",
                f"{word} is normally used with learning rates from {low:g} to {high:g}, not {each.learning_rate:g}",
                each,
                "learning_rate",
                help=f"start with {each.begin_with:g}",
            )
