"""A bias that batch_norm cancels."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS, Weighted
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import before, uses

NEEDS = ("input", "layers")

WORDS = ("batch_norm", "instance_norm")
"""Layers that take each channel's mean away."""


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the layer with the bias."""
    if network.trace.shape_errors:
        return
    for operation in network.operations:
        word = LAYERS.word(operation.layer)
        first = before(operation, dropout=False) if word in WORDS else None
        if first is None or not isinstance(first.layer, Weighted) or first.layer.bias is not True:
            continue
        if uses(network, first.output) == 1:
            yield warning(
                "bias-before-batch-norm",
                f"{word} subtracts each channel's mean, and with it what the bias adds",
                first.layer,
                "bias",
                notes=(Note(f"{word} is here", operation.layer.place),),
                help=f"write bias: false in {LAYERS.word(first.layer)}: the shift of {word} takes its place",
            )
