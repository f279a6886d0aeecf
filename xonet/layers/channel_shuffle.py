"""The layer `channel_shuffle`: channels of all groups mixed."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Integer
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import needs_picture
from xonet.layers._resampling import Index, Resampling


class ChannelShuffle(Resampling):
    """Deals the channels of groups out like cards, so that a convolution in groups sees some of each group before it.

    y[i, j, k · groups + g] = x[i, j, g · channels / groups + k], as PyTorch's ChannelShuffle (Zhang et al. 2018,
    ShuffleNet, arXiv 1707.01083, section 3.1).
    """

    moves_channels = True
    also = ("ShuffleChannel", "ShuffleChannels")

    groups: int = field(
        Integer(minimum=1),
        "How many groups there are: as many as those of the convolution before it.",
        example=2,
        also=("group", "num_groups"),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """The same.

        Raises:
            ShapeError: where the input is no picture, or channels cannot be split.
        """
        needs_picture("channel_shuffle", shape)
        if shape.channels % self.groups:
            raise ShapeError(
                "groups-mismatch",
                f"{shape.channels} channels cannot be split into {self.groups} groups",
                knob="groups",
                help=f"use a number of groups that divides {shape.channels} channels",
            )
        return shape

    def source(self, shape: Shape, i: Index, j: Index, c: Index) -> tuple[Index, Index, Index]:
        """From the next group each time."""
        return i, j, c % self.groups * (shape.channels // self.groups) + c // self.groups
