"""What layers keep of the batches of training, measured anew: the running mean and variance of `batch_norm`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from xonet.kernels import updating
from xonet.kernels.registers import Register
from xonet.layers._graph import Operation
from xonet.program.alignment import LINE, rounded
from xonet.program.layout import Layout
from xonet.program.rows import Program, Ref, Row


def running(operations: Sequence[Operation]) -> dict[str, float]:
    """By full name, how much of what was there each running number keeps at a step."""
    found = {}
    for operation in operations:
        layer: Any = operation.layer
        for name in layer.running:
            found[f"{operation.path}.{name}"] = float(layer.momentum)
    return found


def collecting(program: Program, places: Layout, operations: Sequence[Operation]) -> Iterator[Row]:
    """Rows that add up a batch's own numbers: running ones that were zero are 1 - momentum times those of the batch."""
    for name, momentum in running(operations).items():
        place = places.places[name]
        kept, sums = Ref(Register.PARAMETERS, 4 * place.offset), Ref(Register.STATE, 4 * place.offset)
        yield program.row(updating.collect, (kept, sums, 1 / (1 - momentum), rounded(place.size) // LINE))


def forget(operations: Sequence[Operation], views: dict[str, np.ndarray]) -> None:
    """Let running numbers begin with zeros."""
    for name in running(operations):
        views[name][...] = 0
