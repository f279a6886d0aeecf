"""How many multiply-adds a network has, without those on padding: the work for the processor, in any implementation.

They are counted as a layer's formula says them. Who knows a way with fewer (Winograd's for 3 × 3) gets more done than
the processor's peak seems to allow.
"""

from __future__ import annotations

from collections.abc import Sequence

from xonet.language.shapes import Axis
from xonet.layers._convolution import SlidingFeatures
from xonet.layers._graph import Operation, Value
from xonet.network.network import count_macs


def products(operation: Operation) -> int:
    """Of one operation for one picture, forward; either gradient has as many."""
    if not isinstance(operation.layer, SlidingFeatures):
        return count_macs(operation)
    shape = operation.inputs[0].shape
    rows, columns = operation.layer.axes(shape)
    features, *_, channels = operation.parameters[0].shape
    return _taps(rows) * _taps(columns) * features * channels


def backward_products(operations: Sequence[Operation]) -> dict[Operation, int]:
    """Of each for one picture on the way back: for the weights' gradient and the input's, where somebody needs them."""
    learning: set[Value] = set()
    found = {}
    for operation in operations:
        trained = any(parameter.trainable for parameter in operation.parameters)
        inputs = any(value in learning for value in operation.inputs)
        if trained or inputs:
            learning.add(operation.output)
        found[operation] = (trained + inputs) * products(operation)
    return found


def forward_products(operations: Sequence[Operation]) -> int:
    """Of a whole network for one picture."""
    return sum(map(products, operations))


def training_products(operations: Sequence[Operation]) -> int:
    """Of a whole network for one picture and one step."""
    return forward_products(operations) + sum(backward_products(operations).values())


def _taps(axis: Axis) -> int:
    """Over all places along an axis, the taps that lie on the picture."""
    return sum(last - first for first, last in map(axis.taps, range(axis.output)))
