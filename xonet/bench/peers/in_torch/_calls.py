"""What counterparts share: types, how a picture becomes a row, and padding on sides of unequal size."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F

from xonet.language.shapes import Axis

Tensors = dict[str, torch.Tensor]
"""An operation's parameters by their short names."""
Call = Callable[..., torch.Tensor]
"""From an operation's inputs to its output."""


def row(x: torch.Tensor) -> torch.Tensor:
    """A picture's values as a row, in xonet's order; a row as it is."""
    return (x.permute(0, 2, 3, 1) if x.ndim == 4 else x).flatten(1)


def padding(rows: Axis, columns: Axis, value: float = 0.0, pool: bool = True) -> tuple[tuple[int, int], Call]:
    """(what a layer is told, what is done before): it takes equal sides only, a pool no more than half its window."""
    if all(axis.before == axis.after and 2 * axis.before * pool <= axis.window for axis in (rows, columns)):
        return (rows.before, columns.before), lambda x: x
    sides = []
    for axis in (columns, rows):
        end = (axis.output - 1) * axis.stride + (axis.window - 1) * axis.dilation + 1
        sides += [axis.before, max(0, end - axis.before - axis.input)]
    return (0, 0), lambda x: F.pad(x, sides, value=value)


def over_channels(call: Call) -> Call:
    """What works on the last axis, of pictures, whose channels lie second."""
    return lambda x: call(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
