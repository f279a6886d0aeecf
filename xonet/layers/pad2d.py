"""The layer `pad2d`: rows and columns around the picture."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Choice
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import needs_picture
from xonet.layers._margins import SPELLING, Margins, Sides
from xonet.layers._resampling import Index, Resampling, reflected, within


class Pad2d(Resampling):
    """Puts rows and columns around a picture: zeros, its mirror image, or its edge again.

    y[i, j, c] = x[i - top, j - left, c]. Beyond x, `zeros` has 0; `reflect` mirrors at the edge, which is not repeated,
    x[-k] = x[k]; and `edge` has the nearest value of x. As PyTorch's ZeroPad2d, ReflectionPad2d and ReplicationPad2d,
    and ONNX's Pad with the modes constant, reflect and edge. Zeros around a convolution need no layer: it has a knob
    `padding`.
    """

    also = ("ZeroPadding2D", "Padding2d")
    nearly: ClassVar = {
        **dict.fromkeys(
            ("ZeroPad2d", "Pad"), "write pad2d: {padding: 1}; four numbers are top, bottom, left and right here"
        ),
        **dict.fromkeys(("ReflectionPad2d", "ReflectionPadding2D"), "write pad2d: {padding: 1, mode: reflect}"),
        "ReplicationPad2d": "write pad2d: {padding: 1, mode: edge}",
        "ConstantPad2d": "write pad2d: {padding: 1}; it pads with zeros",
    }
    advice = Resampling.advice | {
        "value": "remove it: it pads with zeros",
        "constant_values": "remove it: it pads with zeros",
    }

    padding: Sides = field(
        Margins(),
        f"How many rows and columns are added: {SPELLING}; PyTorch's order is left, right, top, bottom.",
        example=1,
        also=("pad", "pads"),
    )
    mode: str = field(
        Choice("zeros", "reflect", "edge"),
        "What is added: `zeros`; `reflect`, the picture mirrored at its edge, without the edge; or `edge`, that again.",
        default="zeros",
        also=("padding_mode",),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """(height + top + bottom, width + left + right, channels).

        Raises:
            ShapeError: where the input is no picture, or a mirror image has not as many rows or columns.
        """
        needs_picture("pad2d", shape)
        for length, sides, noun in zip(shape, self.padding, ("rows", "columns"), strict=False):
            if self.mode == "reflect" and max(sides) >= length:
                raise ShapeError(
                    "padding-too-wide",
                    f"{shape} has {length - 1} {noun} to mirror beside its edge, fewer than {max(sides)}",
                    knob="padding",
                    help=f"use a padding of {length - 1} or less, or mode: edge",
                )
        return Shape((shape[0] + sum(self.padding[0]), shape[1] + sum(self.padding[1]), shape.channels))

    def arithmetic(self, shape: Shape) -> str:
        """The sums."""
        return ", ".join(
            f"{length} + {before} + {after} = {length + before + after}"
            for length, (before, after) in zip(shape, self.padding, strict=False)
        )

    def source(self, shape: Shape, i: Index, j: Index, c: Index) -> tuple[Index, Index, Index]:
        """The value moved by the margin."""
        i, j = i - self.padding[0][0], j - self.padding[1][0]
        if self.mode == "reflect":
            return reflected(i, shape[0]), reflected(j, shape[1]), c
        if self.mode == "edge":
            return within(i, shape[0]), within(j, shape[1]), c
        return i, j, c
