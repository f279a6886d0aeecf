"""Kernels of `avg_pool2d`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, kernel, load, load_i64, load_scalar, splat, store
from xonet.kernels.sliding import clear
from xonet.kernels.tables import VISIT
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers._tables import forward_visits, row_table
from xonet.layers.avg_pool2d import AvgPool2d


@kernel
def forward(x, y, rows, row_count, columns, column_count, row_shares, column_shares, width, channels):
    """The mean of each window; a window of a rows and b columns has the shares 1 / a and 1 / b."""
    for i in range(row_count):
        top, height = load_i64(rows, VISIT.SIZE * i + VISIT.SOURCE), load_i64(rows, VISIT.SIZE * i + VISIT.TAPS)
        for j in range(column_count):
            left, wide = (
                load_i64(columns, VISIT.SIZE * j + VISIT.SOURCE),
                load_i64(columns, VISIT.SIZE * j + VISIT.TAPS),
            )
            corner = (top * width + left) * channels
            share = load_scalar(row_shares, i) * load_scalar(column_shares, j)
            for c in range(channels):
                total = splat(0.0)
                for a in range(height):
                    for b in range(wide):
                        total = total + load(x, corner + (a * width + b) * channels + c)
                store(y, (i * column_count + j) * channels + c, total * share)


@kernel
def backward(dy, dx, rows, row_count, columns, column_count, row_shares, column_shares, width, channels, size):
    """Each value of a window gets its share of the gradient."""
    clear(dx, size)
    for i in range(row_count):
        top, height = load_i64(rows, VISIT.SIZE * i + VISIT.SOURCE), load_i64(rows, VISIT.SIZE * i + VISIT.TAPS)
        for j in range(column_count):
            left, wide = (
                load_i64(columns, VISIT.SIZE * j + VISIT.SOURCE),
                load_i64(columns, VISIT.SIZE * j + VISIT.TAPS),
            )
            corner = (top * width + left) * channels
            share = load_scalar(row_shares, i) * load_scalar(column_shares, j)
            for c in range(channels):
                given = load(dy, (i * column_count + j) * channels + c) * share
                for a in range(height):
                    for b in range(wide):
                        tap = corner + (a * width + b) * channels + c
                        store(dx, tap, load(dx, tap) + given)


def lower(layer: AvgPool2d, site: Site) -> None:
    """One row each way."""
    rows, columns = layer.axes(site.shape)
    tables = (row_table(forward_visits(rows)), rows.output, row_table(forward_visits(columns)), columns.output)
    both = tuple((1 / np.array(layer.counts(axis))).astype(np.float32) for axis in (rows, columns))
    sizes = (columns.input, site.shape.channels)
    y_row = columns.output * site.shape.channels * LANES
    site.forward_parts(
        [
            [
                site.row(
                    forward, site.x, site.y.plus(part.start * y_row), tables[0][part.start : part.stop], len(part),
                    *tables[2:], both[0][part.start : part.stop], both[1], *sizes,
                )
            ]
            for part in site.shares(rows.output, site.shape.size)
        ]
    )  # fmt: skip
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.dy, site.dx, *tables, *both, *sizes, site.shape.size)


NATIVE = Native(lower, lower_single=lower)
