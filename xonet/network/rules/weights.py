"""A weights file must be there, and hold the network's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.weights_file import find_mismatches

NEEDS = ("input", "layers", "weights")


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """Findings at the file's name."""
    if scope.sees_data and not network.trace.shape_errors:
        yield from find_mismatches(network)
