"""The layer `conv2d`: every feature is tried at every place of the picture."""

from __future__ import annotations

from typing import Any

from xonet.language.fields import Choice, Integer, Pair, field
from xonet.language.shapes import Axis, Misfit, Shape
from xonet.layers import Weighted, needs_picture
from xonet.layers._graph import Parameter
from xonet.layers._window import SIZE, Padding, axes, must_fit

class Conv2d(Weighted):
    """Slides features over the picture; each output value says how well a feature matches there.

    The deck's "convolution". As everywhere in deep learning it is a cross-correlation: the feature is not flipped.
    y[i, j, f] = bias[f] + sum over kernel rows, columns and channels of weights[f, ki, kj, c] · x[i·stride + ki·dilation - top, ...].
    """

    features: int = field(Integer(minimum=1), "How many features it looks for: the channels of its output.", example=8)
    kernel_size: tuple[int, int] = field(Pair(SIZE), "Rows and columns of a feature: n, or [height, width].", example=3)
    stride: tuple[int, int] = field(Pair(SIZE), "By how many pixels the feature moves: n, or [rows, columns].", default=1)
    padding: Any = field(
        Padding(),
        "Zeros around the picture: `valid` none, `same` as many as keep its size, n, [height, width], "
        "or [[top, bottom], [left, right]].",
        default="valid",
    )
    dilation: tuple[int, int] = field(Pair(SIZE), "How far apart neighbouring numbers of a feature lie.", default=1)
    groups: int = field(
        Integer(minimum=1),
        "Splits channels and features into this many groups; a feature sees its own group's channels only.",
        default=1,
    )
    reduce: str = field(
        Choice("sum", "mean"),
        "`mean` divides a match by the number of pixels in the feature, as the deck does.",
        default="sum",
    )

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """The rows' and the columns' axis."""
        return axes(shape, self.kernel_size, self.stride, self.padding, self.dilation)

    def output_shape(self, shape: Shape) -> Shape:
        """(output rows, output columns, features)."""
        needs_picture("conv2d", shape)
        if shape.channels % self.groups:
            raise Misfit(
                "groups-mismatch",
                f"{shape.channels} channels cannot be split into {self.groups} groups",
                knob="groups",
                help=f"use a number of groups that divides {shape.channels}",
            )
        if self.features % self.groups:
            raise Misfit(
                "groups-mismatch",
                f"{self.features} features cannot be split into {self.groups} groups",
                knob="groups",
                help=f"use a number of groups that divides {self.features}",
            )
        rows, columns = self.axes(shape)
        must_fit(shape, rows, columns, "kernel_size")
        return Shape((rows.output, columns.output, self.features))

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`weights` (features, kernel height, kernel width, channels per group), `bias` (features)."""
        area, channels = self.kernel_size[0] * self.kernel_size[1], shape.channels // self.groups
        return self.weights_and_bias(
            (self.features, *self.kernel_size, channels),
            fan_in=area * channels,
            fan_out=area * self.features // self.groups,
        )

    def macs(self, shape: Shape) -> int:
        """Features × kernel × places (places on the padding count)."""
        rows, columns = self.axes(shape)
        channels = shape.channels // self.groups
        return rows.output * columns.output * self.features * self.kernel_size[0] * self.kernel_size[1] * channels

    def reach(self, shape: Shape) -> tuple[tuple[int, int], tuple[int, int]]:
        """The dilated kernel."""
        window = tuple((size - 1) * step + 1 for size, step in zip(self.kernel_size, self.dilation, strict=True))
        return (window[0], window[1]), self.stride

    def arithmetic(self, shape: Shape) -> str:
        """The rows' arithmetic."""
        return self.axes(shape)[0].arithmetic
