"""The knob of `space_to_depth` and `depth_to_space`."""

from __future__ import annotations

from xonet.language import limits
from xonet.language.fields import field
from xonet.language.kinds import Integer
from xonet.layers._resampling import Resampling


class Blocks(Resampling):
    """Base of layers that turn square blocks of pixels into channels, or back."""

    moves_channels = True

    advice = Resampling.advice | {"data_format": "remove it: pictures are height × width × channels here"}

    block: int = field(
        Integer(minimum=1, maximum=limits.SIZE),
        "Rows and columns of a block of pixels.",
        example=2,
        also=("block_size", "blocksize", "downscale_factor", "upscale_factor", "stride"),
    )
