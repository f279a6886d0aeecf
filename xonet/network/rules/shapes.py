"""Every layer must be able to take the output of the layer above it."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.layers import LAYERS, Layer
from xonet.layers._graph import Value
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import shape_finding

NEEDS = ("input", "layers")

OWN = ("literal-shape", "empty-interval", "conflicting-knobs")
"""What is the layer's own affair, whatever its input."""


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding a layer that does not fit, labelled with where its input's shape comes from."""
    for layer, error, x in network.trace.shape_errors:
        joins = type(layer).join_shape is not Layer.join_shape
        label = "" if joins or error.code in OWN else _history(x)
        yield shape_finding(layer, error, label)


def _history(x: Value) -> str:
    """What made `x` the shape it is: `conv2d above gives 9 - 3 + 1 = 7`."""
    source = x
    while source.producer is not None:
        operation = source.producer
        taken = operation.inputs[0].shape
        arithmetic = operation.layer.arithmetic(taken) if len(operation.inputs) == 1 else ""
        name = operation.layer.name or LAYERS.word(operation.layer)
        if arithmetic:
            return f"{name} above gives {arithmetic}"
        if taken != source.shape:
            return f"{name} above gives {source.shape}"
        source = operation.inputs[0]
    return f"the input is {source.shape}"
