"""A softmax before the loss cross_entropy, which applies one itself."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import producer

NEEDS = ("input", "layers", "training")

AGAIN = {
    "softmax": ("this would be the softmax of a softmax", "the network then learns faster"),
    "log_softmax": ("a log_softmax before it changes nothing", "the network then learns the same"),
}
"""What comes of each layer before that loss, and of removing it."""


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the softmax."""
    training = network.document.training
    if network.trace.shape_errors or training is None or LOSSES.word(training.loss) != "cross_entropy":
        return
    last = producer(network.operations[-1].output)
    word = LAYERS.word(last.layer) if last is not None else ""
    if last is not None and word in AGAIN:
        so, gain = AGAIN[word]
        yield warning(
            "softmax-before-cross-entropy",
            f"cross_entropy takes scores and applies softmax itself: {so}",
            last.layer,
            notes=(Note("the loss is here", training.loss.place),),
            help=f"remove {word}: {gain}, and its outputs are shown as probabilities anyway",
        )
