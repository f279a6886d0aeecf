"""Rows and kernels of `depthwise_conv2d`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES
from xonet.kernels.tables import WideBlock, WideSteps, table
from xonet.layers import _depthwise
from xonet.layers._native import Native, ReluFusion
from xonet.layers._single import lower_single_convolution, multiply, spans_of
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.layers._sliding import lower_convolution
from xonet.layers.depthwise_conv2d import DepthwiseConv2d


def lower(layer: DepthwiseConv2d, site: Site) -> None:
    """Its own way where there is one; otherwise a convolution with as many groups as channels."""
    if _depthwise.suits(layer, site.shape):
        _depthwise.lower_depthwise(layer, site)
    else:
        lower_convolution(layer, site, site.shape.channels)


def lower_single(layer: DepthwiseConv2d, site: SingleSite) -> None:
    """Of one channel, a convolution like others; of several, where each has one feature."""
    if site.channels == 1:
        lower_single_convolution(layer, site, 1)
        return
    if site.features != site.channels:
        raise NoSinglePicture
    rows, columns = layer.axes(site.operation.inputs[0].shape)
    index = np.arange(site.features * layer.area).reshape(site.features, layer.area)
    firsts = range(0, site.features, LANES)
    blocks = table(WideBlock, [(0, first, first * layer.area, first) for first in firsts])
    spans = spans_of(rows, columns, site.pixel_stride, site.y_pixel_stride)
    steps = (rows.dilation * columns.input * site.pixel_stride, columns.dilation * site.pixel_stride)
    strides = WideSteps(*steps, channels=1, merged=False, columns=columns.window)
    multiply(site, index, blocks, spans, strides, layer.scale)


NATIVE = Native(
    lower,
    lower_single,
    relu=ReluFusion.EPILOGUE,
    folds_norm=True,
    pixel_by_pixel=_depthwise.suits,
    gradient_in_place=_depthwise.gradient_in_place,
)
