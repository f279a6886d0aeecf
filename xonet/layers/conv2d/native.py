"""Rows of `conv2d`."""

from __future__ import annotations

from xonet.language.shapes import Shape
from xonet.layers import _pointwise
from xonet.layers._native import Native, ReluFusion
from xonet.layers._single import lower_single_convolution
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.layers._sliding import lower_convolution
from xonet.layers._winograd_of_one import lower_winograd_of_one, suits_one
from xonet.layers.conv2d import Conv2d


def pixel_by_pixel(layer: Conv2d, shape: Shape) -> bool:
    """Where it looks at one pixel at a time."""
    return _pointwise.suits(layer, shape, layer.groups)


def gradient_in_place(layer: Conv2d, shape: Shape) -> bool:
    """Where the input's pixels are not larger than the output's."""
    return pixel_by_pixel(layer, shape) and shape.channels <= layer.features


def lower(layer: Conv2d, site: Site) -> None:
    """As the layer's groups say."""
    if pixel_by_pixel(layer, site.shape):
        _pointwise.lower_pointwise(layer, site)
    else:
        lower_convolution(layer, site, layer.groups)


def lower_single(layer: Conv2d, site: SingleSite) -> None:
    """The same for one picture."""
    if layer.groups == 1 and suits_one(layer, site):
        lower_winograd_of_one(layer, site)
    else:
        lower_single_convolution(layer, site, layer.groups)


NATIVE = Native(
    lower,
    lower_single,
    relu=ReluFusion.EPILOGUE,
    folds_norm=True,
    pixel_by_pixel=pixel_by_pixel,
    fused_rows=_pointwise.FusedRows,
    gradient_in_place=gradient_in_place,
)
