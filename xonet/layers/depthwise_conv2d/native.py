"""Rows and kernels of `depthwise_conv2d`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES
from xonet.kernels.tables import WideBlock, WideSteps, table
from xonet.language.shapes import Shape
from xonet.layers import _depthwise
from xonet.layers._single import lower_single_convolution, multiply, spans_of
from xonet.layers._single_site import SingleSite, Unfit
from xonet.layers._site import Site
from xonet.layers._sliding import lower_convolution
from xonet.layers.depthwise_conv2d import DepthwiseConv2d

RECTIFIES = "output"
FOLDS = True


def pixel_by_pixel(layer: DepthwiseConv2d, shape: Shape) -> bool:
    """Where it has a way of its own."""
    return _depthwise.suits(layer, shape)


def overwrites(layer: DepthwiseConv2d, shape: Shape) -> bool:
    """Where rows of the input's gradient end no later than what has been read of the output by then."""
    return _depthwise.overwrites(layer, shape)


def lower(layer: DepthwiseConv2d, site: Site) -> None:
    """Its own way where there is one; otherwise a convolution with as many groups as channels."""
    if pixel_by_pixel(layer, site.shape):
        _depthwise.lower_depthwise(layer, site)
    else:
        lower_convolution(layer, site, site.shape.channels)


def lower_single(layer: DepthwiseConv2d, site: SingleSite) -> None:
    """Of one channel, a convolution like others; of several, where each has one feature."""
    if site.channels == 1:
        lower_single_convolution(layer, site, 1)
        return
    if site.features != site.channels:
        raise Unfit
    rows, columns = layer.axes(site.operation.inputs[0].shape)
    index = np.arange(site.features * layer.area).reshape(site.features, layer.area)
    firsts = range(0, site.features, LANES)
    blocks = table(WideBlock, [(0, first, first * layer.area, first) for first in firsts])
    spans = spans_of(rows, columns, site.pitch, site.y_pitch)
    steps = (rows.dilation * columns.input * site.pitch, columns.dilation * site.pitch)
    strides = WideSteps(*steps, channels=1, merged=False, columns=columns.window)
    multiply(site, index, blocks, spans, strides, 1.0 / layer.area if layer.reduce == "mean" else 1.0)
