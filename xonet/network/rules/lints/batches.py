"""Fewer pictures than a batch."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.language.words import counted
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._pictures import trained_on

NEEDS = ("training", "data")


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """A finding at the batch size, where the file writes one."""
    training, count = network.document.training, trained_on(network, scope)
    if training is None or training.epochs == 0 or not count or count >= training.batch_size:
        return
    yield warning(
        "batch-too-large",
        f"a batch of {training.batch_size} is never full: the network trains on {counted(count, 'picture')}",
        training,
        "batch_size" if training.wrote("batch_size") else "epochs",
        help=f"use a batch_size of {count} or less, or more pictures",
    )
