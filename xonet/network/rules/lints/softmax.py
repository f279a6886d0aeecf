"""A softmax or a sigmoid before a loss that applies one itself."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.losses import CLASSES, LOSSES
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._misfits import warning
from xonet.network.rules._ways import maker

TAKES_SCORES = ("cross_entropy", "binary_cross_entropy", "focal", "kl_divergence")
NEEDS = ("input", "layers", "training")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the softmax or sigmoid."""
    training = network.document.training
    if network.trace.misfits or training is None:
        return
    loss, last = LOSSES.word(training.loss), maker(network.operations[-1].output)
    by_class = loss in ("cross_entropy", "kl_divergence") or (loss == "focal" and network.answers == CLASSES)
    applied = "softmax" if by_class else "sigmoid"
    written = LAYERS.word(last.layer) if last is not None else ""
    # a sigmoid of values before softmax may be meant, as a bound of the scores; before another sigmoid nothing is
    if last is not None and loss in TAKES_SCORES and written in {applied, "softmax"}:
        yield warning(
            "softmax-before-cross-entropy" if written == "softmax" else "sigmoid-before-cross-entropy",
            f"{loss} takes scores and applies {applied} itself: this would be the {applied} of a {written}",
            last.layer,
            notes=(Note("the loss is here", training.loss.place),),
            help=f"remove {written}: the network then learns faster, and its outputs are shown as probabilities anyway",
        )
