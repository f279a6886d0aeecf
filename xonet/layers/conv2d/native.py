"""Rows of `conv2d`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.layers._sliding import lower_convolution

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.layers.conv2d import Conv2d

RECTIFIES = "output"


def lower(layer: Conv2d, site: Site) -> None:
    """As the layer's groups say."""
    lower_convolution(layer, site, layer.groups)
