"""How convolutions run natively: tables of register tiles forward, for the input's gradient and for the weights'."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.layers._convolution import Convolution
from xonet.layers._packing import packed_weights, share
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
from xonet.layers._winograd import lower_winograd, suits


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
    room, bias = packed_weights(layer, site, packed.places)
    spans = span_table(forward_visits(columns), y_pixel, x_pixel, rows.window)
    merged = columns.dilation == 1 and groups == 1
    steps = (y_row, x_row, rows.dilation * x_row, columns.dilation * x_pixel, own_channels, merged, 1, 1)
    site.forward(
        sliding.slide, site.x, room, bias, site.y,
        row_table(forward_visits(rows)), rows.output, spans, len(spans), packed.blocks, len(packed.blocks),
        np.array(steps, np.int64), 1.0, RELU if site.rectify else 0,
    )  # fmt: skip
    if site.dy is None:
        return
    scale = share(layer)
    if (gradient := site.gradient("weights")) is not None:
        strides = (y_row, y_pixel, rows.stride * x_row, columns.stride * x_pixel)
        dw_row = layer.area * own_channels
        if own_channels >= LANES:
            terms = wide_weight_terms(rows, columns, features, channels, groups)
            turned = site.program.take_scratch(site.shape.size * LANES)
            site.backward(sliding.turn_channels, site.x, turned, rows.input * columns.input, channels)
            site.backward(
                sliding.gradient_of_wide_weights, site.dy, turned, gradient, terms, len(terms),
                *strides, channels, dw_row, scale,
            )  # fmt: skip
        else:
            terms = weight_terms(rows, columns, features, channels, groups, merged)
            site.backward(
                sliding.gradient_of_weights, site.dy, site.x, gradient, terms, len(terms), *strides, dw_row, scale
            )
    if site.has("bias") and (gradient := site.gradient("bias")) is not None:
        site.backward(sliding.gradient_of_bias, site.dy, gradient, rows.output * columns.output, features, features)
    if site.dx is not None:
        swapped = index.reshape(groups, own_features, *layer.kernel_size, own_channels)
        swapped = swapped.transpose(0, 4, 2, 3, 1)[:, :, ::-1, ::-1].reshape(channels, *layer.kernel_size, own_features)
        row_visits, row_step, row_taps = backward_visits(rows)
        column_visits, column_step, column_taps = backward_visits(columns)
        packed = packing(swapped, groups, own_features)
        room = site.program.take_shared(index.size)
        site.prepare(sliding.pack, site.parameter("weights"), room, packed.places, index.size, scale)
        spans = span_table(column_visits, x_pixel, y_pixel, rows.window)
        merged = column_step == column_taps == 1 and groups == 1
        steps = (x_row, y_row, row_step * y_row, column_step * y_pixel, own_features, merged, row_taps, column_taps)
        site.backward(
            sliding.slide, site.dy, room, 0, site.dx,
            row_table(row_visits), rows.input, spans, len(spans), packed.blocks, len(packed.blocks),
            np.array(steps, np.int64), 1.0, 0,
        )  # fmt: skip
