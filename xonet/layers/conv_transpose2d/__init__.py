"""The layer `conv_transpose2d`: each pixel draws its features into a larger picture."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from xonet.language import limits
from xonet.language.fields import field
from xonet.language.kinds import Integer, Pair
from xonet.language.shapes import Axis, Shape, ShapeError
from xonet.layers import needs_picture
from xonet.layers._base import Reach
from xonet.layers._convolution import SlidingFeatures, groups_must_fit
from xonet.layers._parameter import Parameter
from xonet.layers._window import KERNEL, PADDING, SIZE, STRIDE, Padding, arithmetic, transposed_axis


class ConvTranspose2d(SlidingFeatures):
    """Makes a picture larger by learned features: each value adds its weights, times itself, around its own place.

    y[i · stride + ki · dilation - top, j · stride + kj · dilation - left, f] gets the sum over c of
    weights[f, ki, kj, c] · x[i, j, c], and bias[f] once; what lies on the padding is left out. That is the gradient of
    a conv2d by its input (Dumoulin and Visin 2016, A guide to convolution arithmetic for deep learning, arXiv
    1603.07285, chapter 4), and PyTorch's ConvTranspose2d. Along each side, n pixels become
    (n - 1) · stride - padding on both sides + dilation · (kernel_size - 1) + output_padding + 1.
    Where kernel_size is no multiple of stride, neighbours get unequal numbers of products, which shows as a
    checkerboard; upsample2d and a conv2d have none.
    """

    also = (
        *("Conv2DTranspose", "Convolution2DTranspose", "ConvTranspose", "TransposedConv2d", "TransposeConv2d"),
        *("Deconvolution", "Deconvolution2D", "Deconv2d", "Deconv", "Deconvolutional"),
    )

    features: int = field(
        Integer(minimum=1),
        "The number of features it draws: its output channels.",
        example=8,
        also=("filters", "out_channels", "num_output", "num_filters", "channels"),
    )
    kernel_size: tuple[int, int] = field(
        Pair(SIZE), "Rows and columns of a feature: n, or [height, width].", example=2, also=KERNEL
    )
    stride: tuple[int, int] = field(
        Pair(SIZE),
        "How many pixels of the output lie between the places of neighbouring inputs: n, or [rows, columns].",
        default=1,
        also=STRIDE,
    )
    padding: Any = field(
        Padding(),
        "What is taken off the output's sides, where the convolution that this one turns around has its padding: "
        "`valid` nothing, `same` as much as gives an output of size × stride, half on either side and the odd one at "
        "the bottom and right (as in Keras), n, [height, width], or [[top, bottom], [left, right]].",
        default="valid",
        also=PADDING,
    )
    output_padding: tuple[int, int] = field(
        Pair(Integer(minimum=0, maximum=limits.SIZE)),
        "Rows and columns that are added to the output at the bottom and right: n, or [rows, columns].",
        default=0,
        also=("out_padding", "output_pad"),
    )
    dilation: tuple[int, int] = field(
        Pair(SIZE),
        "The distance between neighbouring weights of a feature, in pixels.",
        default=1,
        also=("dilation_rate", "dilations", "kernel_dilation", "atrous_rate"),
    )
    groups: int = field(
        Integer(minimum=1),
        "Splits channels and features into this many groups; a channel is drawn by the features of its own group only.",
        default=1,
        also=("group", "num_groups", "feature_group_count"),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """(output rows, output columns, features).

        Raises:
            ShapeError: where the input is no picture, groups do not divide, or padding leaves nothing.
        """
        needs_picture("conv_transpose2d", shape)
        groups_must_fit(shape, self.features, self.groups)
        for more, stride, dilation in zip(self.output_padding, self.stride, self.dilation, strict=True):
            if more and self.padding == "same":
                raise ShapeError(
                    "output-padding-mismatch",
                    "padding: same says how large the output is, and leaves nothing to output_padding",
                    knob="output_padding",
                    help="remove output_padding, or write padding as a number",
                )
            if more >= max(stride, dilation) > 0 < more:
                raise ShapeError(
                    "output-padding-mismatch",
                    f"an output_padding of {more} adds pixels that no input reaches: "
                    f"it must be less than the stride, {stride}, or the dilation, {dilation}",
                    knob="output_padding",
                    help="use a smaller output_padding, or put a pad2d behind it",
                )
        rows, columns = self.axes(shape)
        if rows.input < 1 or columns.input < 1:
            raise ShapeError(
                "empty-output",
                f"the padding takes all of the output: {self.arithmetic(shape)}",
                knob="padding",
                help="use less padding, or a larger kernel_size",
            )
        return Shape((rows.input, columns.input, self.features))

    def axes(self, shape: Shape) -> tuple[Axis, Axis]:
        """The rows' and the columns' axis of the convolution that this one turns around: from the output here."""
        sides = (self.padding, self.padding) if isinstance(self.padding, str) else self.padding
        rows, columns = (
            transposed_axis(
                shape[n], self.kernel_size[n], self.stride[n], self.dilation[n], sides[n], self.output_padding[n]
            )
            for n in (0, 1)
        )
        return rows, columns

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`weights` (features, kernel height, kernel width, channels per group), `bias` (features).

        The order is conv2d's; PyTorch's is (channels, features per group, kernel height, kernel width). For random
        weights, `fan_in` is that of PyTorch and Keras: kernel height × width × features per group.
        """
        channels, features = shape.channels // self.groups, self.features // self.groups
        return self.weights_and_bias(
            (self.features, *self.kernel_size, channels), fan_in=self.area * features, fan_out=self.area * channels
        )

    def macs(self, shape: Shape) -> int:
        """Weights that each value is multiplied by × values; products on the padding count."""
        return shape.size * self.area * self.features // self.groups

    def reach(self, shape: Shape) -> Reach:
        """As many inputs as reach one place; neighbours lie a fraction of a pixel apart."""
        spans = [(axis.window - 1) * axis.dilation for axis in self.axes(shape)]
        rows, columns = (1 + Fraction(span, stride) for span, stride in zip(spans, self.stride, strict=True))
        return (rows, columns), (Fraction(1, self.stride[0]), Fraction(1, self.stride[1]))

    def arithmetic(self, shape: Shape) -> str:
        """The lengths' sums."""
        return arithmetic(*self.axes(shape))
