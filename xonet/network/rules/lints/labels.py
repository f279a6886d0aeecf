"""Labels in the data that are no classes of the network."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.language.words import closest
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._misfits import warning
from xonet.network.rules._pictures import sources

NEEDS = ("data", "output")


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """A finding for each source with such labels."""
    classes = network.classes
    if not classes or not scope.sees_data:
        return
    for source in sources(network):
        strange = [label for label in source.label_names(network.root) if label not in classes]
        if strange:
            knob = source.paths()[0][0]
            near = closest(strange[0], classes)
            count = f" and {len(strange) - 1} more" if strange[1:] else ""
            yield warning(
                "unknown-label",
                f"the data has the label {strange[0]}{count}, and the classes are {', '.join(classes)}",
                source,
                knob,
                help=f"add it to output.classes, or rename it{f' to {near}' if near else ''}",
            )
