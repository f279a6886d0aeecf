"""What `conv2d` and `depthwise_conv2d` share: the knobs of a sliding feature, and what follows from them."""

from __future__ import annotations

from typing import Any

from xonet.language.fields import field
from xonet.language.kinds import Choice, Pair
from xonet.language.shapes import Axis, Shape, ShapeError
from xonet.layers import Weighted, needs_picture
from xonet.layers._window import PADDING, SAME, SIZE, STRIDE, Padding, arithmetic, axes, must_fit, reach


class SlidingFeatures(Weighted):
    """Base of layers with features of `kernel_size` pixels, which lie at places along two axes."""

    kernel_size: tuple[int, int]

    @property
    def area(self) -> int:
        """Pixels in a feature."""
        return self.kernel_size[0] * self.kernel_size[1]

    @property
    def scale(self) -> float:
        """What a match is multiplied by."""
        return self.mean_scale(self.area)

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """The rows' and the columns' axis."""
        raise NotImplementedError


class Convolution(SlidingFeatures):
    """Base of layers whose features slide over a picture; a room adds `kernel_size` and how channels are combined."""

    stride: tuple[int, int] = field(
        Pair(SIZE), "How many pixels a feature moves at a time: n, or [rows, columns].", default=1, also=STRIDE
    )
    padding: Any = field(
        Padding(),
        f"Zeros around the picture: `valid` none, {SAME}, n, [height, width], or [[top, bottom], [left, right]].",
        default="valid",
        also=PADDING,
    )
    dilation: tuple[int, int] = field(
        Pair(SIZE),
        "The distance between neighbouring weights of a feature, in pixels.",
        default=1,
        also=("dilation_rate", "dilations", "kernel_dilation", "atrous_rate"),
    )
    reduce: str = field(
        Choice("sum", "mean"),
        "`mean` divides each sum by the number of pixels in the feature, as the deck does; then the bias is added.",
        default="sum",
    )

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """The rows' and the columns' axis."""
        return axes(shape, self.kernel_size, self.stride, self.padding, self.dilation)

    def slide(self, word: str, shape: Shape, channels: int) -> Shape:
        """(output rows, output columns, channels).

        Raises:
            ShapeError: where the input is no picture, or smaller than a feature.
        """
        needs_picture(word, shape)
        rows, columns = self.axes(shape)
        must_fit(shape, rows, columns, "kernel_size")
        return Shape((rows.output, columns.output, channels))

    def macs(self, shape: Shape) -> int:
        """Weights of a feature × positions × features; positions on the padding count."""
        channels_seen = self.parameters(shape)[0].shape[-1]
        return self.output_shape(shape).size * self.area * channels_seen

    def reach(self, shape: Shape) -> tuple[tuple[int, int], tuple[int, int]]:
        """The feature, spread by its dilation."""
        return reach(*self.axes(shape))

    def arithmetic(self, shape: Shape) -> str:
        """The window's."""
        return arithmetic(*self.axes(shape))


def groups_must_fit(shape: Shape, features: int, groups: int) -> None:
    """Refuse groups that do not divide the channels of an input of `shape`, or the features.

    Raises:
        ShapeError: `groups-mismatch`, pointing at `groups`.
    """
    for count, noun in ((shape.channels, "channels"), (features, "features")):
        if count % groups:
            raise ShapeError(
                "groups-mismatch",
                f"{count} {noun} cannot be split into {groups} groups",
                knob="groups",
                help=f"use a number of groups that divides {shape.channels} channels and {features} features",
            )
