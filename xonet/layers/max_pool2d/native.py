"""Kernels of `max_pool2d`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xonet.kernels import helper, kernel, larger, load, long_at, select, splat, store
from xonet.kernels.sliding import clear
from xonet.layers._tables import Visit, forward_visits, row_table

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.layers.max_pool2d import MaxPool2d

RECTIFIES = "input"


@kernel
def forward(x, y, rows, row_count, columns, column_count, width, channels, rectify):
    """The largest value of each window; rows and columns: (first on the picture, how many), padding left out."""
    least = splat(0.0 if rectify != 0 else -np.inf)
    for i in range(row_count):
        top, height = long_at(rows, 3 * i), long_at(rows, 3 * i + 1)
        for j in range(column_count):
            left, wide = long_at(columns, 3 * j), long_at(columns, 3 * j + 1)
            corner, place = (top * width + left) * channels, (i * column_count + j) * channels
            if height == 2 and wide == 2:
                right, below = corner + channels, corner + width * channels
                for c in range(channels):
                    upper = larger(load(x, corner + c), load(x, right + c))
                    lower_ = larger(load(x, below + c), load(x, below + channels + c))
                    store(y, place + c, larger(larger(upper, lower_), least))
            else:
                for c in range(channels):
                    most = least
                    for a in range(height):
                        for b in range(wide):
                            most = larger(most, load(x, corner + (a * width + b) * channels + c))
                    store(y, place + c, most)


@helper
def give(x, dx, tap, most, left_over):
    """Gives a value of the input the gradient that is left, if it is the largest; gives what is left then."""
    given = select(load(x, tap) == most, left_over, splat(0.0))
    store(dx, tap, given)
    return left_over - given


@kernel
def backward(x, y, dy, dx, rows, row_count, columns, column_count, width, channels, rectify, apart, size):
    """Each window's gradient goes to the first of its values, row by row, that is its largest.

    `apart`: windows do not overlap and leave nothing out, so that every value is written once. Where the input was
    rectified, a largest value of zero passes nothing on.
    """
    if apart == 0:
        clear(dx, size)
    for i in range(row_count):
        top, height = long_at(rows, 3 * i), long_at(rows, 3 * i + 1)
        for j in range(column_count):
            left, wide = long_at(columns, 3 * j), long_at(columns, 3 * j + 1)
            corner, place = (top * width + left) * channels, (i * column_count + j) * channels
            for c in range(channels):
                most, left_over = load(y, place + c), load(dy, place + c)
                if rectify != 0:
                    left_over = select(most > 0.0, left_over, splat(0.0))
                tap = corner + c
                if apart != 0 and height == 2 and wide == 2:
                    left_over = give(x, dx, tap, most, left_over)
                    left_over = give(x, dx, tap + channels, most, left_over)
                    left_over = give(x, dx, tap + width * channels, most, left_over)
                    give(x, dx, tap + (width + 1) * channels, most, left_over)
                else:
                    for a in range(height):
                        for b in range(wide):
                            before = load(dx, tap + (a * width + b) * channels)
                            following = give(x, dx, tap + (a * width + b) * channels, most, left_over)
                            if apart == 0:
                                store(dx, tap + (a * width + b) * channels, before + (left_over - following))
                            left_over = following


def lower(layer: MaxPool2d, site: Site) -> None:
    """One row each way."""
    rows, columns = layer.axes(site.shape)
    seen = [forward_visits(axis) for axis in (rows, columns)]
    tables = (row_table(seen[0]), rows.output, row_table(seen[1]), columns.output, columns.input, site.shape.channels)
    site.forward(forward, site.x, site.y, *tables, site.rectify)
    if site.dy is None or site.dx is None:
        return
    apart = all(_once(visits, axis.input) for visits, axis in zip(seen, (rows, columns), strict=True))
    site.backward(backward, site.x, site.y, site.dy, site.dx, *tables, site.rectify, apart, site.shape.size)


def _once(visits: list[Visit], length: int) -> bool:
    """Whether windows lie one behind the other over the whole length."""
    covered = [place for visit in visits for place in range(visit.source, visit.source + visit.taps)]
    return covered == list(range(length))
