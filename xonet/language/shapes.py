"""Shapes of what flows between layers, and the arithmetic of windows that slide over pictures."""

from __future__ import annotations

import math
from typing import Any, NamedTuple


class Shape(tuple[int, ...]):
    """`(height, width, channels)` of one picture, or `(features,)` of one row of numbers."""

    __slots__ = ()

    @property
    def is_picture(self) -> bool:
        """Whether it has a height and a width."""
        return len(self) == 3

    @property
    def size(self) -> int:
        """How many values it has."""
        return math.prod(self)

    @property
    def channels(self) -> int:
        """Its last length: channels of a picture, features of a row."""
        return self[-1]

    def __str__(self) -> str:
        return " × ".join(map(str, self))


class ShapeError(Exception):
    """A layer that cannot take its input; the network turns it into a diagnostic at `knob`'s place.

    `knob` is the knob to point at (empty: the layer's word), `help` what to type instead. `inside` is a record within
    the layer's or source's own that has the knob, where it is not the layer or source itself.
    """

    def __init__(self, code: str, message: str, *, knob: str = "", help: str = "", inside: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.knob, self.help, self.inside = code, message, knob, help, inside


class Axis(NamedTuple):
    """How a window slides along one axis: its taps are `dilation` apart, it moves by `stride`."""

    input: int
    window: int
    stride: int
    dilation: int
    before: int
    """Padding before the first value."""
    after: int
    """Padding after the last value; with `ceil`, the last window may extend beyond it."""
    output: int
    arithmetic: str
    """How `output` is computed, for messages: `9 - 3 + 1 = 7`."""

    def taps(self, place: int) -> tuple[int, int]:
        """First and past-the-last tap of the window at output `place` that lie on the input."""
        start = place * self.stride - self.before
        first = max(0, -(start // self.dilation))
        last = min(self.window, -((start - self.input) // self.dilation))
        return first, max(first, last)


def slide(
    length: int,
    window: int,
    stride: int = 1,
    dilation: int = 1,
    padding: str | tuple[int, int] = "valid",
    ceil: bool = False,
) -> Axis:
    """The axis of a window over `length` values.

    `same` pads so that the output has ceil(length / stride) values, the odd one at the end (as in TensorFlow).
    `ceil` keeps a last window that is only partly on the input, if it starts on it or on the padding before it.
    The output may be 0 or less: the caller reports that.
    """
    reach = (window - 1) * dilation + 1
    if padding == "same":
        output = -(-length // stride)
        total = max(0, (output - 1) * stride + reach - length)
        before, after = total // 2, total - total // 2
    else:
        before, after = (0, 0) if isinstance(padding, str) else padding
        span = length + before + after - reach
        output = (-(-span // stride) if ceil else span // stride) + 1
        if ceil and (output - 1) * stride >= length + before:
            output -= 1
    padded = f"{length}" + (f" + {before} + {after}" if before or after else "")
    moves = f"{padded} - {reach}" if stride == 1 else f"({padded} - {reach}) / {stride}"
    exact, rest = divmod(length + before + after - reach, stride)
    if rest:
        moves = f"⌈{moves}⌉" if ceil and padding != "same" else f"⌊{moves}⌋"
        exact += moves.startswith("⌈")
    dropped = " - 1" if output == exact else ""
    return Axis(length, window, stride, dilation, before, after, output, f"{moves} + 1{dropped} = {output}")
