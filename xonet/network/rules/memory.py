"""A network must fit into some machine's memory; its pictures are looked at with the data."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.network.costs import BYTES, LANES
from xonet.network.network import Network, count_parameters
from xonet.network.rules import Scope

NEEDS = ("input", "layers")

MOST = 2**40
"""Bytes beyond which there is no use in trying: a TiB."""


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the layer that has most of what is more than there can be."""
    if not network.trace.misfits:
        yield from _layers(network)


def _layers(network: Network) -> Iterator[Diagnostic]:
    """Values of sixteen pictures, which travel together, and all parameters."""
    kept = BYTES * network.parameters
    values = BYTES * LANES * (network.shape.size + sum(it.output.shape.size for it in network.operations))
    if kept + values <= MOST:
        return
    largest = max(network.operations, key=lambda it: count_parameters(it) + LANES * it.output.shape.size)
    yield Diagnostic(
        "too-large",
        f"the network does not fit into memory: {(kept + values) / 2**40:,.1f} TiB for parameters and values",
        largest.layer.span(),
        notes=(
            Note(
                f"{LAYERS.word(largest.layer)} has the most: {count_parameters(largest):,} parameters, "
                f"and gives {largest.output.shape}"
            ),
        ),
        help="make it smaller",
    )
