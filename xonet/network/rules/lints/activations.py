"""The same activation twice in a row."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import before

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the second one."""
    if network.trace.shape_errors:
        return
    for operation in network.operations:
        first = before(operation) if operation.layer.activation else None
        if first is not None and type(first.layer) is type(operation.layer):
            word = LAYERS.word(operation.layer)
            yield warning(
                "activation-twice",
                f"{word} follows {word}",
                operation.layer,
                notes=(Note("the first one is here", first.layer.place),),
                help="remove one, or put a layer with weights between them",
            )
