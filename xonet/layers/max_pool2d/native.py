"""Kernels of `max_pool2d`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import (
    LANES,
    deinterleave_even,
    deinterleave_odd,
    helper,
    kernel,
    load,
    load_i64,
    maximum,
    select,
    splat,
    store,
    transpose_eight,
)
from xonet.kernels.sliding import clear
from xonet.kernels.tables import VISIT, Visit
from xonet.language.shapes import Shape
from xonet.layers._native import Native, ReluFusion
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.layers._tables import forward_visits, row_table
from xonet.layers.max_pool2d import MaxPool2d


@kernel
def forward(x, y, rows, row_count, columns, column_count, width, channels, fused_relu):
    """The largest value of each window; rows and columns: (first on the picture, how many), padding left out."""
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    for i in range(row_count):
        top, height = load_i64(rows, VISIT.SIZE * i + VISIT.SOURCE), load_i64(rows, VISIT.SIZE * i + VISIT.TAPS)
        for j in range(column_count):
            left, wide = (
                load_i64(columns, VISIT.SIZE * j + VISIT.SOURCE),
                load_i64(columns, VISIT.SIZE * j + VISIT.TAPS),
            )
            corner, place = (top * width + left) * channels, (i * column_count + j) * channels
            if 1 <= height <= 2 and 1 <= wide <= 2:
                # where a window has fewer than 2 × 2 pixels, looking at one of them again changes nothing
                right, below = (wide - 1) * channels, (height - 1) * width * channels
                for c in range(corner, corner + channels):
                    upper = maximum(load(x, c), load(x, c + right))
                    lower_ = maximum(load(x, c + below), load(x, c + below + right))
                    store(y, place + c - corner, maximum(maximum(upper, lower_), least))
            else:
                for c in range(channels):
                    most = least
                    for a in range(height):
                        for b in range(wide):
                            most = maximum(most, load(x, corner + (a * width + b) * channels + c))
                    store(y, place + c, most)


@helper
def share(value, most, left_over):
    """What a value of the input gets of the gradient that is left: all, if it is the largest."""
    return select(value == most, left_over, splat(0.0))


@kernel
def backward(x, y, dy, dx, rows, row_count, columns, column_count, width, channels, fused_relu, once, size):
    """Each window's gradient goes to the first of its values, row by row, that is its largest.

    `once`: windows are small, do not overlap, and leave nothing out, so that every value can be written once. Where the
    input was rectified, a largest value of zero passes nothing on.
    """
    if once == 0:
        clear(dx, size)
    for i in range(row_count):
        top, height = load_i64(rows, VISIT.SIZE * i + VISIT.SOURCE), load_i64(rows, VISIT.SIZE * i + VISIT.TAPS)
        for j in range(column_count):
            left, wide = (
                load_i64(columns, VISIT.SIZE * j + VISIT.SOURCE),
                load_i64(columns, VISIT.SIZE * j + VISIT.TAPS),
            )
            corner, place = (top * width + left) * channels, (i * column_count + j) * channels
            right, below = (wide - 1) * channels, (height - 1) * width * channels
            for c in range(corner, corner + channels):
                most, left_over = load(y, place + c - corner), load(dy, place + c - corner)
                if fused_relu != 0:
                    left_over = select(most > 0.0, left_over, splat(0.0))
                if once != 0:
                    # the later pixels are stored first: one that is looked at again keeps what it was given before
                    first = share(load(x, c), most, left_over)
                    left_over = left_over - first
                    second = share(load(x, c + right), most, left_over)
                    left_over = left_over - second
                    third = share(load(x, c + below), most, left_over)
                    store(dx, c + below + right, share(load(x, c + below + right), most, left_over - third))
                    store(dx, c + below, third)
                    store(dx, c + right, second)
                    store(dx, c, first)
                else:
                    for a in range(height):
                        for b in range(wide):
                            tap = c + (a * width + b) * channels
                            given = share(load(x, tap), most, left_over)
                            left_over = left_over - given
                            store(dx, tap, load(dx, tap) + given)


def lower(layer: MaxPool2d, site: Site) -> None:
    """One row each way."""
    rows, columns = layer.axes(site.shape)
    seen = [forward_visits(axis) for axis in (rows, columns)]
    windows, channels = row_table(seen[0]), site.shape.channels
    across = (row_table(seen[1]), columns.output, columns.input, channels)
    y_row = columns.output * channels * LANES
    site.forward_parts(
        [
            [
                site.row(
                    forward, site.x, site.y.plus(part.start * y_row), windows[part.start : part.stop], len(part),
                    *across, site.fused_relu,
                )
            ]
            for part in site.shares(rows.output, site.shape.size)
        ]
    )  # fmt: skip
    if site.dy is None or site.dx is None:
        return
    once = all(_once(visits, axis.input) for visits, axis in zip(seen, (rows, columns), strict=True))
    site.backward_parts(
        [
            [
                site.row(
                    backward, site.x, site.y.plus(part.start * y_row), site.dy.plus(part.start * y_row), site.dx,
                    windows[part.start : part.stop], len(part), *across, site.fused_relu, once, site.shape.size,
                )._replace(in_place=(0, 3) if once else None)
            ]
            for part in (site.shares(rows.output, site.shape.size) if once else [range(rows.output)])
        ]
    )  # fmt: skip


@kernel
def forward_of_planes(x, y, block, rows, sixteens, channels, columns, fused_relu):
    """Windows of 2 × 2, 2 apart, over [row][channel][sixteens of pixels], to [row][column][channels] without gaps.

    `block` is room for eight sixteens. Eight numbers are put for a pixel, and sixteen pixels at a time: what is none is
    written over by what follows, and the last of it lies behind y.
    """
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    below = channels * sixteens
    for i in range(rows):
        for s in range(0, sixteens, 2):
            for c in range(channels):
                place = (2 * i * channels + c) * sixteens + s
                left = maximum(load(x, place), load(x, place + below))
                right = maximum(load(x, place + 1), load(x, place + below + 1))
                store(block, c, maximum(maximum(deinterleave_even(left, right), deinterleave_odd(left, right)), least))
            transpose_eight(block, y + 4 * channels * (i * columns + s * (LANES // 2)), channels)


def takes_planes(layer: MaxPool2d, shape: Shape) -> bool:
    """Whether it has rows for an input in planes."""
    in_twos = (axis.window == axis.stride == 2 and not axis.before for axis in layer.axes(shape))
    return shape.channels <= 8 and all(in_twos) and all(2 * axis.output <= axis.input for axis in layer.axes(shape))


def lower_single(layer: MaxPool2d, site: SingleSite) -> None:
    """The same rows, unless sixteen pixels stand where sixteen channels usually do."""
    if not site.planes:
        lower(layer, site)
        return
    rows, columns = layer.axes(site.shape)
    block = site.program.take_scratch(8 * LANES)
    site.forward(
        forward_of_planes, site.x_as_it_is, site.y, block, rows.output, -(-columns.input // LANES), site.channels,
        columns.output, site.fused_relu,
    )  # fmt: skip


def _once(visits: list[Visit], length: int) -> bool:
    """Whether windows of one or two lie one behind the other over the whole length."""
    covered = [place for visit in visits for place in range(visit.source, visit.source + visit.taps)]
    return covered == list(range(length)) and all(1 <= visit.taps <= 2 for visit in visits)


NATIVE = Native(lower, lower_single, relu=ReluFusion.PROLOGUE, takes_planes=takes_planes)
