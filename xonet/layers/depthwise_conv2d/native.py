"""Rows of `depthwise_conv2d`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.layers._single import lower_single_convolution
from xonet.layers._sliding import lower_convolution

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.engine.single import SingleSite
    from xonet.layers.depthwise_conv2d import DepthwiseConv2d

RECTIFIES = "output"
FOLDS = True


def lower(layer: DepthwiseConv2d, site: Site) -> None:
    """A convolution with as many groups as channels."""
    lower_convolution(layer, site, site.shape.channels)


def lower_single(layer: DepthwiseConv2d, site: SingleSite) -> None:
    """The same for one picture."""
    lower_single_convolution(layer, site, site.channels)
