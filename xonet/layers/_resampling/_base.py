"""What a layer is whose output's values are weighted sums of a few of the input's, each at a place fixed by shape."""

from __future__ import annotations

from typing import Any, ClassVar

from xonet.language.shapes import Shape
from xonet.layers import Layer

Index = Any
"""A row's, column's or channel's number; or an array of such numbers, for all places at once."""
Term = tuple[Index, Index, Index, Any]
"""(row, column, channel, weight): a value of the input, and what it is multiplied by; 0 beyond the picture."""


class Resampling(Layer):
    """Base of a layer that moves values of a picture to other places, or mixes neighbours by fixed weights.

    A layer adds `output_shape`, and one of `source` and `terms`: what makes the output's value y[i, j, c]. Both compute
    with + - * // % and `abs` only, so they take numbers and NumPy's arrays of numbers alike.
    """

    parts = "xonet.layers._resampling"

    moves_channels: ClassVar[bool] = False
    """Whether a value comes from another channel than its own."""

    def source(self, shape: Shape, i: Index, j: Index, c: Index) -> tuple[Index, Index, Index]:
        """For an input of `shape`: y[i, j, c] is x at this (row, column, channel), and 0 where that is beyond x."""
        raise NotImplementedError

    def terms(self, shape: Shape, i: Index, j: Index, c: Index) -> list[Term]:
        """For an input of `shape`: y[i, j, c] is the sum of these; by default x at `source`, once."""
        return [(*self.source(shape, i, j, c), 1.0)]


def within(place: Index, length: int) -> Index:
    """The nearest place on an axis: 0 before it, length - 1 behind it."""
    least = (place + abs(place)) // 2
    return (least + length - 1 - abs(least - length + 1)) // 2


def reflected(place: Index, length: int) -> Index:
    """A place beyond an axis' ends mirrored at its first or last value, which is not repeated."""
    return length - 1 - abs(length - 1 - abs(place))
