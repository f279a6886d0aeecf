"""A network must fit into memory; its pictures are checked with the data."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.machine import memory
from xonet.network.costs import BYTES, LANES
from xonet.network.network import Network, count_parameters
from xonet.network.rules import Scope

NEEDS = ("input", "layers")

MOST = 2**40
"""Bytes beyond which there is no use in trying: a TiB."""


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """A finding at the layer that has most of what is more than there can be; on this machine, if it is looked at."""
    if network.trace.shape_errors:
        return
    kept = BYTES * network.parameters
    values = BYTES * LANES * (network.shape.size + sum(it.output.shape.size for it in network.operations))
    if kept + values > MOST:
        yield _too_large(
            network,
            "the network does not fit into memory: "
            f"it needs {(kept + values) / 2**40:,.1f} TiB for parameters and values",
        )
    elif scope.sees_data:
        yield from find_here(network)


def find_here(network: Network) -> Iterator[Diagnostic]:
    """A finding where this machine's memory does not hold the parameters: `run` asks, and `validate` with the data."""
    kept = BYTES * network.parameters
    if kept > memory():
        yield _too_large(
            network,
            f"the parameters do not fit into memory: they need {kept / 2**30:,.1f} GiB, "
            f"and this machine has {memory() / 2**30:,.1f} GiB",
        )


def _too_large(network: Network, message: str) -> Diagnostic:
    """Values count for sixteen pictures, which travel together."""
    largest = max(network.operations, key=lambda it: count_parameters(it) + LANES * it.output.shape.size)
    return Diagnostic(
        "too-large",
        message,
        largest.layer.span(),
        notes=(
            Note(
                f"{LAYERS.word(largest.layer)} is the largest: {count_parameters(largest):,} parameters, "
                f"and an output of {largest.output.shape}"
            ),
        ),
        help="make it smaller",
    )
