"""Two linear layers with nothing between them, which one layer could replace.

Not said of literal weights, which are set by hand to be looked at; of groups and depthwise convolutions, whose
splitting in two is the point; and of a waist narrower than both its sides, which one layer would not have.
"""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.layers._graph import Operation
from xonet.layers.conv2d import Conv2d
from xonet.layers.dense import Dense
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import before, uses

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the second layer."""
    if network.trace.shape_errors:
        return
    for second in network.operations:
        first = before(second) if _is_plain(second) else None
        if first is None or not _is_plain(first) or uses(network, first.output) > 1 or _is_waist(first, second):
            continue
        words = LAYERS.word(first.layer), LAYERS.word(second.layer)
        yield warning(
            "linear-after-linear",
            f"{words[1]} follows {words[0]} with no activation between them: "
            f"a single {words[1]} could do the work of both",
            second.layer,
            notes=(Note(f"{words[0]} is here", first.layer.place),),
            help=f"put an activation between them, such as relu, or remove {words[0]}",
        )


def _is_plain(operation: Operation) -> bool:
    layer = operation.layer
    return isinstance(layer, Conv2d | Dense) and layer.weights is None and getattr(layer, "groups", 1) == 1


def _is_waist(first: Operation, second: Operation) -> bool:
    """Whether fewer features lie between the two than either side of them."""
    if type(first.layer) is not type(second.layer):
        return False
    return first.output.shape.channels < min(first.parameters[0].fan_in, second.output.shape.channels)
