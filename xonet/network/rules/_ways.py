"""Ways through the operations of a network: what an operation takes, and who takes what it gives."""

from __future__ import annotations

from xonet.layers import Layer
from xonet.layers._graph import Operation, Value
from xonet.network.network import Network


def before(operation: Operation, *, dropout: bool = True) -> Operation | None:
    """The operation whose numbers this one works on; None behind the input and where several ways meet.

    Looked through is what changes no number outside training: flatten, and with `dropout` what acts in training only.
    """
    if len(operation.inputs) != 1:
        return None
    return producer(operation.inputs[0], dropout=dropout)


def producer(value: Value, *, dropout: bool = True) -> Operation | None:
    """The operation that a value's numbers come from; None for the input."""
    while value.producer is not None and is_identity(value.producer.layer, dropout=dropout):
        value = value.producer.inputs[0]
    return value.producer


def is_identity(layer: Layer, *, dropout: bool = True) -> bool:
    """Whether a layer hands its numbers on as they are."""
    return layer.renames or (dropout and layer.training_only)


def uses(network: Network, value: Value) -> int:
    """How many operations take a value; the network's end counts as one."""
    return len({operation for operation, _ in value.consumers}) + (value is network.operations[-1].output)
