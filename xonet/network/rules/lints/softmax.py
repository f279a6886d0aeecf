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


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the softmax."""
    training = network.document.training
    if network.trace.shape_errors or training is None or LOSSES.word(training.loss) != "cross_entropy":
        return
    last = producer(network.operations[-1].output)
    if last is not None and LAYERS.word(last.layer) == "softmax":
        yield warning(
            "softmax-before-cross-entropy",
            "cross_entropy takes scores and applies softmax itself: this would be the softmax of a softmax",
            last.layer,
            notes=(Note("the loss is here", training.loss.place),),
            help="remove softmax: the network then learns faster, and its outputs are shown as probabilities anyway",
        )
