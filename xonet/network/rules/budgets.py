"""A network must stay within the budgets that its file sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.layers._graph import Operation
from xonet.network.expect import AtMost
from xonet.network.network import Network, count_macs, count_parameters
from xonet.network.rules import Scope

NEEDS = ("input", "layers", "expect")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding for each budget exceeded, that says which layer spends the most."""
    expect = network.document.expect
    if expect is None or network.trace.shape_errors:
        return
    yield from _over(network, expect.parameters, "parameters", count_parameters)
    yield from _over(network, expect.macs, "multiply-adds", count_macs)


def _over(
    network: Network, budget: AtMost | None, noun: str, count: Callable[[Operation], int]
) -> Iterator[Diagnostic]:
    total = sum(map(count, network.operations))
    if budget is None or total <= budget.max:
        return
    largest = max(network.operations, key=count)
    word = LAYERS.word(largest.layer)
    yield Diagnostic(
        "over-budget",
        f"the network has {total:,} {noun}, more than {budget.max:,.15g}",
        budget.span("max"),
        notes=(Note(f"{word} contributes the most: {count(largest):,}", largest.layer.place),),
        help=f"make it smaller, or allow {total}",
    )
