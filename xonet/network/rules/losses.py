"""A loss measures what the network is asked for: a class, labels, values, its input."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.losses import INPUT, LOSSES, ONE_SCORE, TOLD
from xonet.network.network import Network
from xonet.network.rules import Scope

NEEDS = ("input", "layers", "training")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the loss."""
    document, answers = network.document, network.answers
    training = document.training
    if training is None or document.broken & {"data", "output"} or (document.output is None and answers != INPUT):
        return
    loss = training.loss
    if answers in loss.fits or answers == ONE_SCORE:  # a score too few is the rule `outputs`' to tell
        return
    fits = [TOLD[each] for each in loss.fits if each != ONE_SCORE]
    yield Diagnostic(
        "loss-mismatch",
        f"{LOSSES.word(loss)} is a loss for {' and '.join(fits)}, but the network is asked for {TOLD[answers]}",
        loss.place or training.span("loss"),
        help=f"write loss: {network.usual_loss}",
    )
