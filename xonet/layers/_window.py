"""The knobs of layers whose window slides over a picture, and the shape rule they share."""

from __future__ import annotations

from typing import Any

from xonet.language import limits
from xonet.language.kinds import Integer, Kind, ListOf
from xonet.language.shapes import Axis, Shape, ShapeError, slide

SIZE = Integer(minimum=1, maximum=limits.SIZE)
KERNEL = ("kernel", "filter_size", "kernel_shape", "size", "ksize")
"""What other programs call `kernel_size`."""
STRIDE = ("strides", "window_strides", "subsample")
"""What other programs call `stride`."""
PADDING = ("pad", "pads", "border_mode")
"""What other programs call `padding`."""
SAME = (
    "`same` as much as gives an output of ceil(size / stride), half on either side and the odd one at the bottom and "
    "right (PyTorch has this at stride 1 only: it refuses padding='same' at others, and its padding=1 at stride 2 puts "
    "windows one pixel further up and left if the size is even; write 1 for that)"
)
"""What the word means, for the help of a knob."""


class Padding(Kind):
    """`valid`, `same`, n, [height, width] or [[top, bottom], [left, right]]. Its value is a word, or two pairs."""

    WORDS = ("valid", "same")

    def schema(self) -> dict[str, Any]:
        """Told apart by type."""
        margin = Integer(minimum=0, maximum=limits.SIZE)
        length = margin.schema()
        sides = ListOf(margin, minimum=2, maximum=2).schema()
        return {
            "if": {"type": "string"},
            "then": {"enum": list(self.WORDS)},
            "else": {
                "if": {"type": "array"},
                "then": {
                    "minItems": 2,
                    "maxItems": 2,
                    "items": {"if": {"type": "array"}, "then": sides, "else": length},
                },
                "else": length,
            },
        }

    def value(self, plain: Any) -> Any:
        """A word, or ((top, bottom), (left, right))."""
        if isinstance(plain, str):
            return plain
        height, width = plain if isinstance(plain, list | tuple) else (plain, plain)
        both = [tuple(side) if isinstance(side, list | tuple) else (side, side) for side in (height, width)]
        return tuple(both)


def axes(
    shape: Shape,
    window: tuple[int, int],
    stride: tuple[int, int],
    padding: Any,
    dilation: tuple[int, int] = (1, 1),
    ceil: bool = False,
) -> tuple[Axis, Axis]:
    """The rows' and the columns' axis of a window over a picture of `shape`."""
    each = (padding, padding) if isinstance(padding, str) else padding
    rows, columns = (slide(shape[i], window[i], stride[i], dilation[i], each[i], ceil) for i in (0, 1))
    return rows, columns


def must_fit(shape: Shape, rows: Axis, columns: Axis, knob: str) -> None:
    """Refuse a window that is larger than its input.

    Raises:
        ShapeError: `empty-output`, pointing at `knob`.
    """
    if rows.output >= 1 and columns.output >= 1:
        return
    longest = min((axis.input - 1) // axis.dilation + 1 for axis in (rows, columns))
    spread = rows.dilation > 1 or columns.dilation > 1
    (height, width), _ = reach(rows, columns)
    raise ShapeError(
        "empty-output",
        f"{'an' if rows.window in (8, 11, 18) else 'a'} {rows.window} × {columns.window} window "
        + (f"spread over {height} × {width} pixels " if spread else "")
        + f"does not fit into {shape}",
        knob=knob,
        help=f"use a {knob.replace('_', ' ')} of {longest} or less" + (", or a smaller dilation" if spread else ""),
    )


def reach(rows: Axis, columns: Axis) -> tuple[tuple[int, int], tuple[int, int]]:
    """(window, stride), each (rows, columns): the pixels from a window's first tap to its last, and its moves."""
    height, width = ((axis.window - 1) * axis.dilation + 1 for axis in (rows, columns))
    return (height, width), (rows.stride, columns.stride)


def arithmetic(rows: Axis, columns: Axis) -> str:
    """How the output's height comes about, and its width where that is another sum."""
    return ", ".join(dict.fromkeys([rows.arithmetic, columns.arithmetic]))


def transposed_axis(length: int, window: int, stride: int, dilation: int, padding: Any, more: int) -> Axis:
    """The axis of a convolution that makes `length` values; its `arithmetic` tells how long its input is.

    padding: `valid`, `same` or (before, after); more: what is added to the input at its end.
    """
    reach = (window - 1) * dilation + 1
    if padding == "same":
        total = max(0, reach - stride)
        before, after, more = total // 2, total - total // 2, max(0, stride - reach)
    else:
        before, after = (0, 0) if padding == "valid" else padding
    output = (length - 1) * stride - before - after + reach + more
    taken = f" - {before} - {after}" if before or after else ""
    added = f" + {more}" if more else ""
    sum_of = f"({length} - 1) × {stride}{taken} + {reach}{added} = {output}"
    return Axis(output, window, stride, dilation, before, after, length, sum_of)
