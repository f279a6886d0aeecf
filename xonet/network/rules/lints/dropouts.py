"""A dropout that drops nothing, drops the scores, or leaves out a path that nothing goes around."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xonet.diagnostics import Diagnostic
from xonet.layers import LAYERS, Layer
from xonet.layers._base import held
from xonet.network.network import Network, every_layer
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import is_identity

NEEDS = ("input", "layers")

WORDS = ("dropout", "spatial_dropout", "stochastic_depth")
SUMS = ("add", "mean")
"""Merges of `branches` in which one path may be left out."""


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """Findings at the rate, at a dropout that is the last layer, and at a stochastic_depth outside of a residual."""
    yield from _outside(network.document.layers)
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
        if word == "gaussian_noise" and getattr(layer, "stddev", None) == 0:
            yield warning(
                "dropout-of-nothing",
                "a gaussian_noise with stddev 0 adds nothing",
                layer,
                "stddev",
                help="use a stddev such as 0.1, or remove the layer",
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


def _outside(layers: Iterable[Layer]) -> Iterator[Diagnostic]:
    """Findings at each stochastic_depth among layers that no shortcut goes around."""
    for layer in layers:
        if LAYERS.word(layer) == "stochastic_depth":
            yield warning(
                "stochastic-depth-outside",
                "stochastic_depth sets whole pictures to zero here: nothing goes around it",
                layer,
                help="make it the last of a residual's layers, or write dropout",
            )
        if LAYERS.word(layer) != "residual" and getattr(layer, "merge", "") not in SUMS:
            yield from _outside(held(layer))
