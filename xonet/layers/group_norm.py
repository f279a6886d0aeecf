"""The layer `group_norm`: every group of channels of a picture on a common scale."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Integer
from xonet.language.shapes import Shape, ShapeError
from xonet.layers._normalization import Normalization, Sets


class GroupNorm(Normalization):
    """Normalizes each group of neighbouring channels to mean 0 and variance 1, then applies a learned scale and shift.

    y = scale · (x - mean) / sqrt(variance + epsilon) + shift, with mean and variance over the height, the width and the
    channels of a group, of each picture by itself; scale and shift are one a channel
    (Wu and He 2018, arXiv 1803.08494, equations 1 to 6).
    """

    also = ("GroupNormalization", "GroupNormalisation")
    advice = Normalization.advice | {"axis": "remove it: it is always the channels"}

    groups: int = field(
        Integer(minimum=1),
        "Into how many groups the channels are split, in their order; their number must divide that of the channels.",
        example=8,
        also=("num_groups", "group"),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """The same.

        Raises:
            ShapeError: `groups-mismatch`.
        """
        channels = shape.channels
        if channels % self.groups:
            fitting = [n for n in range(1, min(channels, 4096) + 1) if channels % n == 0]
            near = sorted(sorted(fitting, key=lambda n: abs(n - self.groups))[:4])
            raise ShapeError(
                "groups-mismatch",
                f"{channels} channels cannot be split into {self.groups} equal groups",
                knob="groups",
                help=f"use {', '.join(map(str, near[:-1]))} or {near[-1]}" if len(near) > 1 else "use 1",
            )
        return shape

    def sets(self, shape: Shape) -> Sets:
        """The groups, over all pixels."""
        return Sets(1, shape.size // shape.channels, self.groups, shape.channels // self.groups)
