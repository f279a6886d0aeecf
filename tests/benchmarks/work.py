"""How many multiply-adds a network has, without those on padding: what a processor has to do, whoever programs it."""

from __future__ import annotations

from collections.abc import Sequence

from xonet.language.shapes import Axis
from xonet.layers._convolution import Convolution
from xonet.layers._graph import Operation
from xonet.network.network import count_macs


def products(operation: Operation) -> int:
    """Of one operation for one picture, forward; either gradient has as many."""
    if not isinstance(operation.layer, Convolution):
        return count_macs(operation)
    shape = operation.inputs[0].shape
    rows, columns = operation.layer.axes(shape)
    features, *_, channels = operation.parameters[0].shape
    return _taps(rows) * _taps(columns) * features * channels


def training_products(operations: Sequence[Operation]) -> int:
    """Of a whole network for one picture and one step: forward, gradient of weights, and of inputs but the first."""
    return sum((2 if operation.inputs[0].producer is None else 3) * products(operation) for operation in operations)


def _taps(axis: Axis) -> int:
    """Over all places along an axis, the taps that lie on the picture."""
    return sum(last - first for first, last in map(axis.taps, range(axis.output)))
