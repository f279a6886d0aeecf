"""Rows of `depthwise_conv2d`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.layers._sliding import lower_convolution

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.layers.depthwise_conv2d import DepthwiseConv2d

RECTIFIES = "output"


def lower(layer: DepthwiseConv2d, site: Site) -> None:
    """A convolution with as many groups as channels."""
    lower_convolution(layer, site, site.shape.channels)
