"""How convolutions run natively: tables of register tiles forward, for the input's gradient and for the weights'."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.kernels.tables import TERM, WIDE_TERM, Steps, table
from xonet.layers._convolution import Convolution
from xonet.layers._packing import packed_weights
from xonet.layers._site import Site
from xonet.layers._tables import (
    backward_visits,
    forward_visits,
    packing,
    row_table,
    span_table,
    weight_terms,
    wide_weight_terms,
)
from xonet.layers._weight_rows import gradient_of_bias, transpose_channels
from xonet.layers._winograd import lower_winograd, suits
from xonet.program.rows import Argument, Parts, Ref, Row


def lower_convolution(layer: Convolution, site: Site, groups: int) -> None:
    """Rows of a convolution over a picture, with weights (features, kernel height, kernel width, channels a group)."""
    if suits(layer, site, groups):
        lower_winograd(layer, site)
        return
    rows, columns = layer.axes(site.shape)
    channels, features = site.shape.channels, site.output_shape.channels
    own_channels, own_features = channels // groups, features // groups
    x_pixel, y_pixel = channels * LANES, features * LANES
    x_row, y_row = columns.input * x_pixel, columns.output * y_pixel
    index = np.arange(features * layer.area * own_channels).reshape(features, *layer.kernel_size, own_channels)
    packed = packing(index, groups, own_channels)
    weights, bias = packed_weights(layer, site, packed.places)
    spans = span_table(forward_visits(columns), y_pixel, x_pixel, rows.window)
    merged = columns.dilation == 1 and groups == 1
    steps = Steps(y_row, x_row, rows.dilation * x_row, columns.dilation * x_pixel, own_channels, merged, 1, 1)
    macs = rows.output * columns.output * features * layer.area * own_channels
    tables = Slide(row_table(forward_visits(rows)), spans, packed.blocks, steps)
    site.forward_parts(_slides(site, tables, site.x, weights, bias, site.y, macs, RELU if site.fused_relu else 0))
    if site.dy is None:
        return
    gradients: Parts = []
    dx: Parts = []
    scale = layer.scale
    if (gradient := site.gradient("weights")) is not None:
        strides = (y_row, y_pixel, rows.stride * x_row, columns.stride * x_pixel)
        dw_row = layer.area * own_channels
        if own_channels >= LANES:
            terms = wide_weight_terms(rows, columns, features, channels, groups)
            transposed = site.handed_on((site.shape.size + 1) * LANES)  # the last channels are read as a whole sixteen
            site.backward_parts(transpose_channels(site, transposed))
            gradients = [
                [
                    site.row(
                        sliding.gradient_of_wide_weights, site.dy, transposed, gradient, own, len(own), *strides,
                        channels, dw_row, scale,
                    )
                ]
                for own in _cut(site, terms, terms[:, WIDE_TERM.DW], macs)
            ]  # fmt: skip
        else:
            terms = weight_terms(rows, columns, features, channels, groups, merged)
            gradients = [
                [
                    site.row(
                        sliding.gradient_of_weights, site.dy, site.x, gradient, own, len(own), *strides, dw_row, scale
                    )
                ]
                for own in _cut(site, terms, terms[:, TERM.DW] // (columns.window * own_channels), macs)
            ]
    if site.dx is not None:
        swapped = index.reshape(groups, own_features, *layer.kernel_size, own_channels)
        swapped = swapped.transpose(0, 4, 2, 3, 1)[:, :, ::-1, ::-1].reshape(channels, *layer.kernel_size, own_features)
        row_visits, row_step, row_taps = backward_visits(rows)
        column_visits, column_step, column_taps = backward_visits(columns)
        packed = packing(swapped, groups, own_features)
        weights = site.program.take_shared(index.size)
        site.prepare(sliding.pack, site.parameter("weights"), weights, packed.places, index.size, scale)
        spans = span_table(column_visits, x_pixel, y_pixel, rows.window)
        merged = column_step == column_taps == 1 and groups == 1
        steps = Steps(
            x_row, y_row, row_step * y_row, column_step * y_pixel, own_features, merged, row_taps, column_taps
        )
        tables = Slide(row_table(row_visits), spans, packed.blocks, steps)
        dx = _slides(site, tables, site.dy, weights, 0, site.dx, macs, 0)
    site.backward_parts(site.program.together(gradients, gradient_of_bias(site), dx))


class Slide(NamedTuple):
    """The tables of `sliding.conv_forward`."""

    rows: np.ndarray
    spans: np.ndarray
    blocks: np.ndarray
    steps: Steps


def _slides(
    site: Site, tables: Slide, x: Ref, w: Ref, bias: Argument, y: Ref, macs: int, flags: int
) -> list[list[Row]]:
    """Rows of `sliding.conv_forward`, cut by rows of y, or where there are few, by features."""
    rows, spans, blocks, steps = tables
    if len(rows) >= len(blocks):
        cuts = [(part.start, rows[part.start : part.stop], blocks) for part in site.shares(len(rows), macs)]
    else:
        cuts = [(0, rows, blocks[part.start : part.stop]) for part in site.shares(len(blocks), macs)]
    return [
        [
            site.row(
                sliding.conv_forward, x, w, bias, y.plus(first * steps.y_row), own_rows, len(own_rows), spans,
                len(spans), own_blocks, len(own_blocks), table(Steps, [steps]), 1.0, flags,
            )
        ]
        for first, own_rows, own_blocks in cuts
    ]  # fmt: skip


def _cut(site: Site, terms: np.ndarray, places: np.ndarray, macs: int) -> list[np.ndarray]:
    """Terms of a gradient of weights, cut by where in it they go; each part keeps their order."""
    different = np.unique(places)
    number = np.searchsorted(different, places)
    return [terms[(part.start <= number) & (number < part.stop)] for part in site.shares(len(different), macs)]
