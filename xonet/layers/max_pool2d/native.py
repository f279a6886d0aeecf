"""Kernels of `max_pool2d`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.kernels import kernel, larger, load, long_at, select, splat, store
from xonet.kernels.sliding import clear
from xonet.layers._tables import forward_visits, row_table

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.layers.max_pool2d import MaxPool2d


@kernel
def forward(x, y, rows, row_count, columns, column_count, width, channels):
    """The largest value of each window; rows and columns: (first on the picture, how many), padding left out."""
    for i in range(row_count):
        top, height = long_at(rows, 3 * i), long_at(rows, 3 * i + 1)
        for j in range(column_count):
            left, wide = long_at(columns, 3 * j), long_at(columns, 3 * j + 1)
            corner = (top * width + left) * channels
            for c in range(channels):
                most = load(x, corner + c)
                for a in range(height):
                    for b in range(wide):
                        most = larger(most, load(x, corner + (a * width + b) * channels + c))
                store(y, (i * column_count + j) * channels + c, most)


@kernel
def backward(x, y, dy, dx, rows, row_count, columns, column_count, width, channels, size):
    """Each window's gradient goes to the first of its values, row by row, that is its largest."""
    clear(dx, size)
    for i in range(row_count):
        top, height = long_at(rows, 3 * i), long_at(rows, 3 * i + 1)
        for j in range(column_count):
            left, wide = long_at(columns, 3 * j), long_at(columns, 3 * j + 1)
            corner = (top * width + left) * channels
            for c in range(channels):
                place = (i * column_count + j) * channels + c
                most, left_over = load(y, place), load(dy, place)
                for a in range(height):
                    for b in range(wide):
                        tap = corner + (a * width + b) * channels + c
                        given = select(load(x, tap) == most, left_over, splat(0.0))
                        store(dx, tap, load(dx, tap) + given)
                        left_over = left_over - given


def lower(layer: MaxPool2d, site: Site) -> None:
    """One row each way."""
    rows, columns = layer.axes(site.shape)
    tables = (row_table(forward_visits(rows)), rows.output, row_table(forward_visits(columns)), columns.output)
    sizes = (columns.input, site.shape.channels)
    site.forward(forward, site.x, site.y, *tables, *sizes)
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.x, site.y, site.dy, site.dx, *tables, *sizes, site.shape.size)
