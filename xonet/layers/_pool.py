"""What `max_pool2d` and `avg_pool2d` share: the knobs of a window that looks at each channel by itself."""

from __future__ import annotations

from typing import Any

from xonet.language.fields import field
from xonet.language.kinds import Flag, Pair
from xonet.language.shapes import Axis, Shape, ShapeError
from xonet.layers import LAYERS, Layer, needs_picture
from xonet.layers._window import KERNEL, PADDING, SAME, SIZE, STRIDE, Padding, arithmetic, axes, must_fit, reach


class Pool(Layer):
    """Base of layers that make one value of each window; a window always sees at least one pixel of the picture."""

    window: tuple[int, int] = field(
        Pair(SIZE),
        "Rows and columns of the window: n, or [height, width].",
        example=2,
        also=("pool_size", "window_shape", "pool", *KERNEL, "kernel_size"),
    )
    stride: tuple[int, int] | None = field(
        Pair(SIZE),
        "How many pixels the window moves at a time: n, or [rows, columns]; by default its own size.",
        default=None,
        example=2,
        also=STRIDE,
    )
    padding: Any = field(
        Padding(),
        f"A margin around the picture that the window may enter: `valid` none, {SAME}, n, [height, width], or "
        "[[top, bottom], [left, right]].",
        default="valid",
        also=PADDING,
    )
    ceil: bool = field(
        Flag(),
        "Whether a last window that only partly covers the picture is kept instead of dropped.",
        default=False,
        also=("ceil_mode",),
    )

    def effective(self, knob: str) -> Any:
        """A stride that is not written is the window's size."""
        return self.stride or self.window if knob == "stride" else super().effective(knob)

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """The rows' and the columns' axis."""
        return axes(shape, self.window, self.effective("stride"), self.padding, ceil=self.ceil)

    def output_shape(self, shape: Shape) -> Shape:
        """(output rows, output columns, channels)."""
        needs_picture(LAYERS.word(self), shape)
        rows, columns = self.axes(shape)
        for axis in (rows, columns):
            # A window of padding alone would have no value: there is no greatest of nothing.
            if max(axis.before, axis.after) >= axis.window:
                raise ShapeError(
                    "padding-exceeds-window",
                    f"a window of {axis.window} would lie entirely on a padding of {max(axis.before, axis.after)}",
                    knob="padding",
                    help=f"use a padding of {min(self.window) - 1} or less",
                )
        must_fit(shape, rows, columns, "window")
        return Shape((rows.output, columns.output, shape.channels))

    def reach(self, shape: Shape) -> tuple[tuple[int, int], tuple[int, int]]:
        """The window."""
        return reach(*self.axes(shape))

    def arithmetic(self, shape: Shape) -> str:
        """The window's."""
        return arithmetic(*self.axes(shape))
