"""The layer `conv2d`: every feature is tried at every position in the picture."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Integer, Pair
from xonet.language.shapes import Shape
from xonet.layers import needs_picture
from xonet.layers._convolution import Convolution, groups_must_fit
from xonet.layers._parameter import Parameter
from xonet.layers._window import KERNEL, SIZE


class Conv2d(Convolution):
    """Slides features over the picture; each output value says how well a feature matches at that position.

    The deck's "convolution". As everywhere in deep learning it is a cross-correlation: the feature is not flipped.
    y[i, j, f] = bias[f] + sum over (ki, kj, c) of
    weights[f, ki, kj, c] · x[i · stride + ki · dilation - top, j · stride + kj · dilation - left, c].
    """

    also = ("Convolution2D", "Convolution", "Conv", "Convolutional")

    features: int = field(
        Integer(minimum=1),
        "The number of features it looks for: its output channels.",
        example=8,
        also=("filters", "out_channels", "num_output", "num_filters", "channels"),
    )
    kernel_size: tuple[int, int] = field(
        Pair(SIZE), "Rows and columns of a feature: n, or [height, width].", example=3, also=KERNEL
    )
    groups: int = field(
        Integer(minimum=1),
        "Splits channels and features into this many groups; a feature sees only the channels of its own group.",
        default=1,
        also=("group", "num_groups", "feature_group_count"),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """(output rows, output columns, features)."""
        needs_picture("conv2d", shape)
        groups_must_fit(shape, self.features, self.groups)
        return self.slide("conv2d", shape, self.features)

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`weights` (features, kernel height, kernel width, channels per group), `bias` (features)."""
        channels = shape.channels // self.groups
        return self.weights_and_bias(
            (self.features, *self.kernel_size, channels),
            fan_in=self.area * channels,
            fan_out=self.area * self.features // self.groups,
        )
