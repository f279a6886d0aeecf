"""The layer `depthwise_conv2d`: every channel has features of its own."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Integer, Pair
from xonet.language.shapes import Shape
from xonet.layers._convolution import Convolution
from xonet.layers._parameter import Parameter
from xonet.layers._window import KERNEL, SIZE


class DepthwiseConv2d(Convolution):
    """Slides features over each channel separately: conv2d with as many groups as channels.

    Output channel c · multiplier + m is feature m on channel c. Followed by a 1 × 1 conv2d, it does the work of a
    full conv2d with far fewer multiply-adds (Chollet 2017, Xception, arXiv 1610.02357, section 1.2).
    """

    kernel_size: tuple[int, int] = field(
        Pair(SIZE), "Rows and columns of a feature: n, or [height, width].", example=3, also=KERNEL
    )
    multiplier: int = field(
        Integer(minimum=1),
        "How many features each channel has.",
        default=1,
        also=("depth_multiplier", "channel_multiplier"),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """(output rows, output columns, channels × multiplier)."""
        return self.slide("depthwise_conv2d", shape, shape.channels * self.multiplier)

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`weights` (channels × multiplier, kernel height, kernel width, 1), `bias` (channels × multiplier)."""
        return self.weights_and_bias(
            (shape.channels * self.multiplier, *self.kernel_size, 1),
            fan_in=self.area,
            fan_out=self.area * self.multiplier,
        )
