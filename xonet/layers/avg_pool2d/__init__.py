"""The layer `avg_pool2d`: the mean of each window."""

from __future__ import annotations

from xonet.language.fields import Flag, field
from xonet.layers._pool import Pool


class AvgPool2d(Pool):
    """Shrinks the picture: a window moves over it, and the mean of its values is kept, channel by channel."""

    count_padding: bool = field(
        Flag(),
        "Whether padding counts as zeros in the mean; what a kept partial window has beyond it never does.",
        default=False,
    )
