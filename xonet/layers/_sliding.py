"""How convolutions run natively: tables of register tiles forward, for the input's gradient and for the weights'."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.kernels.tables import TERM, WIDE_TERM, Steps, table
from xonet.language.shapes import Axis
from xonet.layers._convolution import Convolution, SlidingFeatures
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
    else:
        lower_sliding(layer, site, groups)


def lower_sliding(layer: SlidingFeatures, site: Site, groups: int, transposed: bool = False) -> None:
    """The same by plain sums; `transposed`: its axes are those of a convolution from its output to its input."""
    rows, columns = layer.axes(site.shape)
    channels, features = site.shape.channels, site.output_shape.channels
    own_channels, own_features = channels // groups, features // groups
    index = np.arange(features * layer.area * own_channels).reshape(features, *layer.kernel_size, own_channels)
    swapped = index.reshape(groups, own_features, *layer.kernel_size, own_channels)
    swapped = swapped.transpose(0, 4, 2, 3, 1).reshape(channels, *layer.kernel_size, own_features)
    forward, backward = (_spread, _gather) if transposed else (_gather, _spread)
    tables = forward(rows, columns, index, groups)
    packed, bias = packed_weights(layer, site, tables.places)
    macs = rows.output * columns.output * index.size
    site.forward_parts(_slides(site, tables, site.x, packed, bias, site.y, macs, RELU if site.fused_relu else 0))
    if site.dy is None:
        return
    gradients: Parts = []
    dx: Parts = []
    if (gradient := site.gradient("weights")) is not None:
        gradients = _gradient_of_weights(layer, site, gradient, groups, macs, transposed)
    if site.dx is not None:
        tables = backward(rows, columns, swapped, groups)
        packed = site.program.take_shared(index.size)
        site.prepare(sliding.pack, site.parameter("weights"), packed, tables.places, index.size, layer.scale)
        dx = _slides(site, tables, site.dy, packed, 0, site.dx, macs, 0)
    site.backward_parts(site.program.together(gradients, gradient_of_bias(site), dx))


def _gradient_of_weights(
    layer: SlidingFeatures, site: Site, gradient: Ref, groups: int, macs: int, transposed: bool
) -> Parts:
    """Rows that add it up; before them, where there are many channels, come rows that lay those beside each other."""
    assert site.dy is not None, "it learns"
    rows, columns = layer.axes(site.shape)
    channels, features = site.shape.channels, site.output_shape.channels
    own_channels, x, scale = channels // groups, site.x, layer.scale
    g_size, x_size = features * LANES, channels * LANES
    # in steps from one window to the next: by a stride where its pixels are, by 1 where its sum is
    stride = rows.stride * columns.input, columns.stride
    along = columns.output, 1
    g_steps, x_steps = (stride, along) if transposed else (along, stride)
    strides = (g_size * g_steps[0], g_size * g_steps[1], x_size * x_steps[0], x_size * x_steps[1])
    dw_row = layer.area * own_channels
    if own_channels >= LANES:
        terms = wide_weight_terms(rows, columns, features, channels, groups, transposed)
        transposed_x = site.handed_on((site.shape.size + 1) * LANES)  # the last channels are read as a whole sixteen
        site.backward_parts(transpose_channels(site, transposed_x))
        kernel, x, places = sliding.gradient_of_wide_weights, transposed_x, terms[:, WIDE_TERM.DW]
        sizes = [channels, dw_row]
    else:
        merged = columns.dilation == 1 and groups == 1 and not transposed
        terms = weight_terms(rows, columns, features, channels, groups, merged, transposed)
        kernel, places = sliding.gradient_of_weights, terms[:, TERM.DW] // (columns.window * own_channels)
        sizes = [dw_row]
    return [
        [site.row(kernel, site.dy, x, gradient, own, len(own), *strides, *sizes, scale)]
        for own in _cut(site, terms, places, macs)
    ]


class Slide(NamedTuple):
    """The tables of `sliding.conv_forward`, and where each packed weight comes from."""

    rows: np.ndarray
    spans: np.ndarray
    blocks: np.ndarray
    steps: Steps
    places: np.ndarray


def _gather(rows: Axis, columns: Axis, index: np.ndarray, groups: int) -> Slide:
    """Each output of a convolution from the inputs that its window sees; weights (outputs, window, inputs a group)."""
    outputs, *_, inputs = index.shape
    x_pixel, y_pixel = inputs * groups * LANES, outputs * LANES
    x_row, y_row = columns.input * x_pixel, columns.output * y_pixel
    packed = packing(index, groups, inputs)
    spans = span_table(forward_visits(columns), y_pixel, x_pixel, rows.window)
    merged = columns.dilation == 1 and groups == 1
    steps = Steps(y_row, x_row, rows.dilation * x_row, columns.dilation * x_pixel, inputs, merged, 1, 1)
    return Slide(row_table(forward_visits(rows)), spans, packed.blocks, steps, packed.places)


def _spread(rows: Axis, columns: Axis, index: np.ndarray, groups: int) -> Slide:
    """Each input of a convolution from the outputs whose windows saw it; weights (inputs, window, outputs a group)."""
    inputs, *_, outputs = index.shape
    x_pixel, y_pixel = inputs * LANES, outputs * groups * LANES
    x_row, y_row = columns.input * x_pixel, columns.output * y_pixel
    row_visits, row_step, row_taps = backward_visits(rows)
    column_visits, column_step, column_taps = backward_visits(columns)
    packed = packing(index[:, ::-1, ::-1], groups, outputs)
    spans = span_table(column_visits, x_pixel, y_pixel, rows.window, columns.stride)
    merged = column_step == column_taps == 1 and groups == 1
    steps = Steps(x_row, y_row, row_step * y_row, column_step * y_pixel, outputs, merged, row_taps, column_taps)
    return Slide(row_table(row_visits), spans, packed.blocks, steps, packed.places)


def _slides(
    site: Site, tables: Slide, x: Ref, w: Ref, bias: Argument, y: Ref, macs: int, flags: int
) -> list[list[Row]]:
    """Rows of `sliding.conv_forward`, cut by rows of y, or where there are few, by features."""
    rows, spans, blocks, steps, _ = tables
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
