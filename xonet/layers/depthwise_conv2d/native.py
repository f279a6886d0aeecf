"""Rows and kernels of `depthwise_conv2d`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xonet.kernels import LANES, fma, kernel, larger, load, long_at, splat, store
from xonet.language.shapes import Shape
from xonet.layers import _depthwise
from xonet.layers._single import Unfit, lower_single_convolution, pack, parted
from xonet.layers._sliding import lower_convolution
from xonet.layers._tables import forward_visits, row_table

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.engine.single import SingleSite
    from xonet.layers.depthwise_conv2d import DepthwiseConv2d

RECTIFIES = "output"
FOLDS = True


def pixel_by_pixel(layer: DepthwiseConv2d, shape: Shape) -> bool:
    """Where it has a way of its own."""
    return _depthwise.suits(layer, shape)


def overwrites(layer: DepthwiseConv2d, shape: Shape) -> bool:
    """Where a row of the input's gradient is no longer than what has been read of the output's by then."""
    return _depthwise.overwrites(layer, shape)


def lower(layer: DepthwiseConv2d, site: Site) -> None:
    """Its own way where there is one; otherwise a convolution with as many groups as channels."""
    if pixel_by_pixel(layer, site.shape):
        _depthwise.lower_depthwise(layer, site)
    else:
        lower_convolution(layer, site, site.shape.channels)


@kernel
def forward_of_one(x, w, offsets, y, rows, row_count, columns, column_count, steps, rectify):
    """Sixteen channels at a time.

    rows and columns: (first tap's place, taps, first tap). steps, in sixteens: (row of x, sixteens of a pixel, tap row
    in x, tap column in x, columns of a feature).
    """
    x_row, sixteens, x_i, x_j = long_at(steps, 0), long_at(steps, 1), long_at(steps, 2), long_at(steps, 3)
    wide = long_at(steps, 4)
    least = splat(0.0 if rectify != 0 else -np.inf)
    for i in range(row_count):
        taps_i, first_i = long_at(rows, 3 * i + 1), long_at(rows, 3 * i + 2)
        for j in range(column_count):
            taps_j, first_j = long_at(columns, 3 * j + 1), long_at(columns, 3 * j + 2)
            corner = long_at(rows, 3 * i) * x_row + long_at(columns, 3 * j) * sixteens
            for n in range(sixteens):
                sums = load(offsets, n)
                for a in range(taps_i):
                    for b in range(taps_j):
                        weight = load(w, ((first_i + a) * wide + first_j + b) * sixteens + n)
                        sums = fma(load(x, corner + a * x_i + b * x_j + n), weight, sums)
                store(y, (i * column_count + j) * sixteens + n, larger(sums, least))


def lower_single(layer: DepthwiseConv2d, site: SingleSite) -> None:
    """Of one channel, a convolution like others; of several, where each has one feature."""
    if site.channels == 1:
        lower_single_convolution(layer, site, 1)
        return
    if site.features != site.channels:
        raise Unfit
    rows, columns = layer.axes(site.shape)
    sixteens = site.shape.channels
    index = np.arange(site.features * layer.area).reshape(site.features, layer.area)
    share = 1.0 / layer.area if layer.reduce == "mean" else 1.0
    weights, offsets = pack(site, index, np.array([(sixteens, 0, 0)], np.int64), share)
    x_row = columns.input * sixteens
    steps = np.array((x_row, sixteens, rows.dilation * x_row, columns.dilation * sixteens, columns.window), np.int64)
    across, first, parts = row_table(forward_visits(columns)), 0, []
    for part in parted(row_table(forward_visits(rows)), index.size * rows.output * columns.output):
        ends = (site.x, weights, offsets, site.y.plus(first * columns.output * sixteens * LANES))
        parts.append((*ends, part, len(part), across, columns.output, steps, site.rectify))
        first += len(part)
    site.forward_parts(forward_of_one, parts)
