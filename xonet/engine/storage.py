"""Every parameter's place in one flat vector."""

from __future__ import annotations

from collections.abc import Sequence

from xonet.layers._graph import Operation
from xonet.layers._learned import Learned, factor
from xonet.layers._parameter import Parameter
from xonet.layers._weighted import Weighted
from xonet.program.alignment import rounded
from xonet.program.layout import Layout, Place


def layout(operations: Sequence[Operation]) -> Layout:
    """Places for the parameters of all operations."""
    every = [(operation, parameter) for operation in operations for parameter in operation.parameters]
    places: dict[str, Place] = {}
    offset = trained = 0
    for wanted in (True, False):
        for operation, parameter in every:
            if parameter.trainable is wanted:
                place = _place(operation, parameter, offset)
                places[operation.full_name(parameter)] = place
                offset += rounded(place.size)
        trained = offset if wanted else trained
    names = [operation.full_name(parameter) for operation, parameter in every]
    return Layout({name: places[name] for name in names}, trained, offset)


def _place(operation: Operation, parameter: Parameter, offset: int) -> Place:
    """With what its layer says about how it is trained."""
    layer, name = operation.layer, parameter.name
    place = Place(offset, parameter.shape, parameter.trainable)
    if isinstance(layer, Learned):
        rate, decay = factor(layer.learning_rate_factor, name), factor(layer.weight_decay_factor, name)
        place = place._replace(rate_factor=rate, decay_factor=decay)
    if isinstance(layer, Weighted) and name == "weights":
        place = place._replace(l2=layer.l2, max_norm=layer.max_norm or 0.0)
    return place
