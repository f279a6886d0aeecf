"""A learning rate far outside its optimizer's usual range."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.optimizers import OPTIMIZERS

NEEDS = ("training",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the learning rate."""
    training = network.document.training
    if training is None or training.epochs == 0:
        return
    optimizer = training.optimizer
    low, high = optimizer.usual
    if not low <= optimizer.learning_rate <= high:
        word = OPTIMIZERS.word(optimizer)
        yield warning(
            "unusual-learning-rate",
            f"{word} is normally used with learning rates from {low:g} to {high:g}, not {optimizer.learning_rate:g}",
            optimizer,
            "learning_rate",
            help=f"start with {optimizer.begin_with:g}",
        )
