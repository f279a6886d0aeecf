"""A softmax or a sigmoid before a loss that applies one itself."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.losses import CLASSES, LOSSES
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import producer

TAKES_SCORES = ("cross_entropy", "binary_cross_entropy", "focal", "kl_divergence")
NEEDS = ("input", "layers", "training")

FASTER = "the network then learns faster"
AGAIN = {
    "softmax": ("this would be the softmax of a softmax", FASTER),
    "log_softmax": ("a log_softmax before it changes nothing", "the network then learns the same"),
}
"""What comes of each layer before that loss, and of removing it."""


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the softmax or sigmoid."""
    training = network.document.training
    if network.trace.shape_errors or training is None:
        return
    loss, last = LOSSES.word(training.loss), producer(network.operations[-1].output)
    by_class = loss in ("cross_entropy", "kl_divergence") or (loss == "focal" and network.answers == CLASSES)
    applied = "softmax" if by_class else "sigmoid"
    word = LAYERS.word(last.layer) if last is not None else ""
    # a sigmoid before softmax may be meant, as a bound of the scores; before another sigmoid nothing is
    if last is not None and loss in TAKES_SCORES and word in (applied, *AGAIN):
        so, gain = AGAIN[word] if by_class else (f"this would be the sigmoid of a {word}", FASTER)
        yield warning(
            "sigmoid-before-cross-entropy" if word == "sigmoid" else "softmax-before-cross-entropy",
            f"{loss} takes scores and applies {applied} itself: {so}",
            last.layer,
            notes=(Note("the loss is here", training.loss.place),),
            help=f"remove {word}: {gain}, and its outputs are shown as probabilities anyway",
        )
