"""A dropout that drops nothing, or drops the scores."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.layers import LAYERS
from xonet.network.network import Network, every_layer
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import is_identity

NEEDS = ("input", "layers")

WORDS = ("dropout", "spatial_dropout")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """Findings at the rate, and at a dropout that is the last layer."""
    for layer in every_layer(network.document.layers):
        word = LAYERS.word(layer)
        if word in WORDS and getattr(layer, "rate", None) == 0:
            yield warning(
                "dropout-of-nothing",
                f"a {word} with rate 0 drops nothing",
                layer,
                "rate",
                help="use a rate such as 0.5, or remove the layer",
            )
    value = network.operations[-1].output if network.operations and not network.trace.shape_errors else None
    while value is not None and value.producer is not None and is_identity(value.producer.layer):
        layer = value.producer.layer
        if LAYERS.word(layer) in WORDS:
            yield warning(
                "dropout-last",
                "the last layer drops scores: during training, some pictures have no score for the right class",
                layer,
                help="put it before the last layer with weights",
            )
        value = value.producer.inputs[0]
