"""Every parameter's place in one flat vector."""

from __future__ import annotations

import math
from collections.abc import Sequence

from xonet.layers._graph import Operation
from xonet.program.alignment import rounded
from xonet.program.layout import Layout, Place


def layout(operations: Sequence[Operation]) -> Layout:
    """Places for the parameters of all operations."""
    every = [(operation.full_name(p), p) for operation in operations for p in operation.parameters]
    places: dict[str, Place] = {}
    offset = trained = 0
    for wanted in (True, False):
        for name, parameter in every:
            if parameter.trainable is wanted:
                places[name] = Place(offset, parameter.shape, wanted)
                offset += rounded(math.prod(parameter.shape))
        trained = offset if wanted else trained
    return Layout({name: places[name] for name, _ in every}, trained, offset)
