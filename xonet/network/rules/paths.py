"""The files and folders that the data names must be there; looked for by `validate` only, as training opens them."""

from __future__ import annotations

import os
from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._pictures import sources

NEEDS = ("data",)


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """A finding for each path at which there is nothing."""
    if not scope.sees_data:
        return
    for source in sources(network):
        for knob, name in source.paths():
            # os.path's `exists` is False for a name that no system would take, where pathlib's raises.
            if os.path.exists(network.root / name):
                continue
            there = next(folder for folder in (network.root / name).parents if os.path.exists(folder))
            yield Diagnostic(
                "missing-path",
                f"there is no {name}",
                source.span(knob),
                notes=(Note(f"the nearest folder that is there: {there}"),),
                help="paths begin at the network file's folder, or at --data-root; --no-data leaves this check out",
            )
