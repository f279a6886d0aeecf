"""The layer `avg_pool2d`: the mean of each window."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Flag
from xonet.language.shapes import Axis
from xonet.layers._pool import Pool


class AvgPool2d(Pool):
    """Shrinks the picture: a window moves over it and keeps the mean of its values, channel by channel.

    PyTorch's AvgPool2d, which counts padding unless count_include_pad is false.
    """

    also = ("AveragePooling2D", "AveragePool2d", "AvgPooling2d", "AveragePooling", "AvgPool", "MeanPool2d")

    count_padding: bool = field(
        Flag(),
        "Whether padding counts as zeros in the mean; what lies beyond it in a partial window never does.",
        default=False,
        also=("count_include_pad",),
    )

    def counts(self, axis: Axis) -> list[int]:
        """At each output place, how many of the window's taps along one axis count; a mean divides by their product."""
        starts = [place * axis.stride - axis.before for place in range(axis.output)]
        if self.count_padding:
            return [min(axis.window, axis.input + axis.after - start) for start in starts]
        return [min(start + axis.window, axis.input) - max(start, 0) for start in starts]
