"""Kernels of windows that look at one channel each, row by row; see `window_tiles`.

`rows` has a `tables.Tap` for each row of the window; weights lie as [row][column][channel].
"""

from __future__ import annotations

from xonet.kernels import (
    bits_to_f32,
    kernel,
    load,
    load_scalar,
    reduce_add,
    splat,
    store,
    store_scalar,
    window_tile,
    window_weights_tile,
)
from xonet.kernels.window_kinds import backward, forward


@kernel
def zero(y, count):
    """Zeros."""
    for i in range(count):
        store(y, i, splat(0.0))


@kernel
def margins(y, rows, columns, pixel, begin, end):
    """Zeros in all columns of a place for rows but those from `begin` to `end`; `pixel` counts sixteens."""
    for row in range(rows):
        first = row * columns * pixel
        for i in range(first, first + begin * pixel):
            store(y, i, splat(0.0))
        for i in range(first + end * pixel, first + columns * pixel):
            store(y, i, splat(0.0))


@kernel
def forward_row(x, rows, taps, x_pixel, w, bias, y, y_pixel, columns, channels, window, stride, size, flags):
    """One row of outputs, `size` neighbours at a time; the last of them may be computed twice."""
    for begin in range(0, columns, size):
        column = min(begin, columns - size)
        window_tile(
            forward(window, stride), size, flags, x + 4 * column * stride * x_pixel, rows, taps, x_pixel,
            w, bias, y + 4 * column * y_pixel, y_pixel, channels,
        )  # fmt: skip


@kernel
def input_gradient_row(g, rows, taps, g_pixel, w, dx, dx_pixel, columns, channels, window, stride, before, first, size):
    """One row of the input's gradient. `first`: the output's column at which rows begin in g."""
    for begin in range(0, columns, size):
        column = min(begin, columns - size)
        phase = (column + before) % stride
        source = (column + before - phase) // stride - (window - 1 - phase) // stride - first
        window_tile(
            backward(window, stride, phase), size, 0, g + 4 * source * g_pixel, rows, taps, g_pixel,
            w, 0, dx + 4 * column * dx_pixel, dx_pixel, channels,
        )  # fmt: skip


@kernel
def filter_gradient_row(g, g_pixel, x, rows, taps, x_pixel, sums, columns, channels, window, stride, size):
    """What one row of the output says of the weights, added to `sums`, which stay apart by lanes.

    Behind the row, up to a multiple of `size` columns, g is zero.
    """
    for column in range(0, columns, size):
        window_weights_tile(
            forward(window, stride), size, g + 4 * column * g_pixel, g_pixel,
            x + 4 * column * stride * x_pixel, rows, taps, x_pixel, sums, channels,
        )  # fmt: skip


@kernel
def collect(sums, dw, area, channels, scale):
    """Adds to dw (channels, area) the sums over lanes of `sums` (area, channels)."""
    scale = bits_to_f32(scale)
    for c in range(channels):
        for n in range(area):
            store_scalar(
                dw, c * area + n, load_scalar(dw, c * area + n) + scale * reduce_add(load(sums, n * channels + c))
            )
