"""The layer `instance_norm`: every channel of a picture on a common scale."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Flag
from xonet.language.shapes import Shape
from xonet.layers import needs_picture
from xonet.layers._normalization import Normalization, Sets


class InstanceNorm(Normalization):
    """Normalizes each channel of each picture to mean 0 and variance 1, over its height and width.

    y = scale · (x - mean) / sqrt(variance + epsilon) + shift, where scale and shift, one a channel, are left out unless
    they are asked for, as in PyTorch (Ulyanov, Vedaldi and Lempitsky 2016, arXiv 1607.08022, equation 3).
    """

    also = ("InstanceNorm2d", "InstanceNormalization", "InstanceNormalisation")
    advice = Normalization.advice | {"axis": "remove it: it is always the channels"}

    scale: bool = field(
        Flag(), "Whether each normalized value is multiplied by a learned number of its channel.", default=False
    )
    shift: bool = field(
        Flag(), "Whether a learned number of its channel is added to that.", default=False,
        also=("center", "bias", "use_bias"),
    )  # fmt: skip

    def output_shape(self, shape: Shape) -> Shape:
        """The same.

        Raises:
            ShapeError: for a row of numbers.
        """
        needs_picture("instance_norm", shape)
        return shape

    def sets(self, shape: Shape) -> Sets:
        """The channels, each over all pixels."""
        return Sets(1, shape.size // shape.channels, shape.channels, 1)
