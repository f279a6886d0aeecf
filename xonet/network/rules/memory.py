"""A network and its pictures must fit into some machine's memory."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.network.costs import BYTES, LANES
from xonet.network.network import Network, count_parameters
from xonet.network.rules import Scope
from xonet.network.rules._pictures import sources

NEEDS = ("input", "layers")

MOST = 2**40
"""Bytes beyond which there is no use in trying: a TiB."""


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """Findings at the layer, and at the sources, that take more than there can be."""
    if not network.trace.misfits:
        yield from _layers(network)
    for source in sources(network) if network.document.data else ():
        count = None if source.paths() else source.size(network.root)
        if count is not None and count * network.shape.size > MOST:
            yield Diagnostic(
                "too-large",
                f"{count:,} pictures of {network.shape} bytes do not fit into memory",
                source.span("count"),
                help="draw fewer pictures",
            )


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
