"""A layer that normalizes single values."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.layers import LAYERS
from xonet.layers._normalization import Normalization, OverAxes
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the layer, or at the knob that makes its sets so small."""
    for operation in network.operations:
        layer, shape = operation.layer, operation.inputs[0].shape
        if not isinstance(layer, Normalization) or layer.sets(shape).size > 1:
            continue
        word, helps = LAYERS.word(layer), "remove it, or put it where there is more than one value"
        knob = "groups" if "groups" in layer.fields else ""
        if knob and shape.channels > 1:
            helps = "use groups: 1, or fewer groups than channels"
        elif isinstance(layer, OverAxes) and layer.axes == "channels" and shape.size > 1:
            knob, helps = "axes", "use axes: picture"
        left = "only its sign is left of each" if not layer.centered else "each becomes 0"
        yield warning(
            "norm-of-one-value", f"{word} normalizes {shape} values one by one: {left}", layer, knob, help=helps
        )
