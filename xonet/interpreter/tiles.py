"""What register tiles mean in NumPy: sums of products, added one after the other in the order of compiled tiles."""

from __future__ import annotations

from typing import Any

import numpy as np

from xonet.interpreter.machine import running
from xonet.interpreter.words import means
from xonet.kernels import ACCUMULATE, LANES, RELU, tile_words
from xonet.kernels.tables import TAP
from xonet.kernels.window_kinds import KINDS, uses

_LANES = np.arange(LANES)


def _grid(*axes: tuple[int, int]) -> np.ndarray:
    """Offsets of places along some axes, each (how many, how far apart)."""
    found = np.zeros((), np.int64)
    for count, step in axes:
        found = found[..., None] + np.arange(max(0, int(count)), dtype=np.int64) * int(step)
    return found


def _added(begin: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The sums that begin so, plus every product of `a` and `b` along their first axis, each rounded once."""
    sums = begin.astype(np.float64)
    for one, other in zip(a.astype(np.float64), b.astype(np.float64), strict=True):
        sums = (one * other + sums).astype(np.float32).astype(np.float64)
    return sums.astype(np.float32)


def _products(
    begin: np.ndarray, w: int, w_row: int, w_steps: Any, x: int, x_pixel: int, x_steps: Any, valid: int = LANES
) -> np.ndarray:
    """Sums [row][pixel][lane] of w[row] · x[pixel, lane] over the steps of both; of the last pixel, `valid` lanes."""
    rows, pixels = begin.shape[:2]
    weights = running().gather(w, _grid(*w_steps, (rows, w_row))).reshape(-1, rows, 1, 1)
    places = _grid(*x_steps, (pixels, x_pixel), (LANES, 1))
    needed = np.broadcast_to((_LANES < valid) | (np.arange(pixels) < pixels - 1)[:, None], places.shape)
    values = running().gather(x, places, None if needed.all() else needed).reshape(-1, 1, pixels, LANES)
    return _added(begin, weights, values)


def _rectified(sums: np.ndarray, flags: int) -> np.ndarray:
    """Nothing below zero, if so flagged; NaN stays."""
    return np.where(sums < 0, np.float32(0), sums) if flags & RELU else sums


def _scaled(sums: np.ndarray, scale: float, bias: int) -> np.ndarray:
    """The sums times the scale, plus the bias of their row where there is one."""
    shift = running().gather(bias, np.arange(len(sums))) if bias else np.zeros(len(sums), np.float32)
    return (np.float64(sums) * np.float64(np.float32(scale)) + np.float64(shift)[:, None, None]).astype(np.float32)


@means(tile_words.tile)
def _tile(
    rows, pixels, scale, flags, w, w_row, w_step, w_i, w_j, x, x_pixel, x_step, x_i, x_j, count_i, count_j, count_k,
    bias, y, y_row, y_pixel, valid,
):  # fmt: skip
    counts = (count_i, count_j, count_k)
    steps = (list(zip(counts, own, strict=True)) for own in ((w_i, w_j, w_step), (x_i, x_j, x_step)))
    w_steps, x_steps = steps
    begin = np.zeros((rows, pixels, LANES), np.float32)
    sums = _scaled(_products(begin, w, w_row, w_steps, x, x_pixel, x_steps, valid), scale, bias)
    stored = np.broadcast_to((_LANES < valid) | (np.arange(pixels) < pixels - 1)[:, None], sums.shape)
    places = _grid((rows, y_row), (pixels, y_pixel), (LANES, 1))[stored]
    kept = sums[stored]
    if flags & ACCUMULATE:
        kept = kept + running().gather(y, places)
    running().scatter(y, places, _rectified(kept, flags))


@means(tile_words.packed_tile)
def _packed_tile(
    rows, pixels, scale, flags, w, w_i, w_j, x, x_pixel, x_i, x_j, count_i, count_j, count_k, bias, y, y_pixel, blocks
):  # fmt: skip
    counts = (count_i, count_j, count_k)
    w_steps, x_steps = (list(zip(counts, own, strict=True)) for own in ((w_i, w_j, rows), (x_i, x_j, LANES)))
    every = pixels * blocks
    sums = _products(np.zeros((rows, every, LANES), np.float32), w, 1, w_steps, x, x_pixel, x_steps)
    places = _grid((rows, LANES), (every, y_pixel), (LANES, 1))
    running().scatter(y, places, _rectified(_scaled(sums, scale, bias), flags))


@means(tile_words.batch_tile)
def _batch_tile(rows, pixels, w, w_row, w_step, w_next, x, x_pixel, x_next, count, y, y_pixel, y_next, times):
    places, begin = _grid((rows, LANES), (pixels, y_pixel), (LANES, 1)), np.zeros((rows, pixels, LANES), np.float32)
    for n in range(times):
        own_w, own_x = w + 4 * n * w_next, x + 4 * n * x_next
        sums = _products(begin, own_w, w_row, [(count, w_step)], own_x, x_pixel, [(count, LANES)])
        running().scatter(y + 4 * n * y_next, places, sums)


@means(tile_words.weight_gradient)
def _outer(rows, taps, scale, g, g_i, g_j, x, x_i, x_j, count_i, count_j, y, y_row):
    gradients = running().gather(g, _grid((count_i, g_i), (count_j, g_j), (rows, LANES), (LANES, 1)))
    values = running().gather(x, _grid((count_i, x_i), (count_j, x_j), (taps, LANES), (LANES, 1)))
    pairs = gradients.reshape(-1, rows, 1, LANES), values.reshape(-1, 1, taps, LANES)
    sums, places = _added(np.zeros((rows, taps, LANES), np.float32), *pairs), _grid((rows, y_row), (taps, 1))
    for half in (8, 4, 2, 1):
        sums = sums[..., :half] + sums[..., half : 2 * half]
    running().scatter(y, places, running().gather(y, places) + np.float32(scale) * sums[..., 0])


@means(tile_words.feature_tile)
def _feature_tile(
    rows, sixteens, flags, x, x_pixel, x_i, x_j, w, w_i, w_j, count_i, count_j, count_k, bias, y, y_pixel, tiles, lines,
    x_line, y_line,
):  # fmt: skip
    wide, pixels = max(sixteens, 1), rows * tiles
    begin = running().gather(bias, np.arange(wide * LANES)).reshape(1, wide, LANES)
    places = _grid((pixels, y_pixel), (wide * LANES, 1)).reshape(pixels, wide, LANES)
    outer_steps = [(count_i, w_i), (count_j, w_j)]
    for line in range(lines):
        from_x = x + 4 * line * x_line
        if sixteens:
            weights = running().gather(w, _grid(*outer_steps, (count_k, wide * LANES), (wide * LANES, 1)))
            values = running().gather(from_x, _grid((count_i, x_i), (count_j, x_j), (count_k, 1), (pixels, x_pixel)))
            pairs = values.reshape(-1, pixels, 1, 1), weights.reshape(-1, 1, wide, LANES)
        else:
            weights = running().gather(w, _grid(*outer_steps, (LANES, 1)))
            values = running().gather(from_x, _grid((count_i, x_i), (count_j, x_j), (pixels, x_pixel), (LANES, 1)))
            pairs = values.reshape(-1, pixels, 1, LANES), weights.reshape(-1, 1, 1, LANES)
        sums = _added(np.broadcast_to(begin, places.shape), *pairs)
        running().scatter(y + 4 * line * y_line, places, _rectified(sums, flags))


@means(tile_words.plane_tile)
def _plane_tile(
    rows, sixteens, flags, x, x_i, x_k, w, count_i, count_k, bias, y, y_row, lines, x_line, y_line
):  # fmt: skip
    shifts = running().gather(bias, np.arange(rows))
    begin = np.broadcast_to(shifts[:, None, None], (rows, sixteens, LANES))
    w_steps, x_steps = [(count_i, count_k * rows), (count_k, rows)], [(count_i, x_i), (count_k, x_k)]
    places = _grid((rows, y_row), (sixteens, LANES), (LANES, 1))
    for line in range(lines):
        sums = _products(begin, w, 1, w_steps, x + 4 * line * x_line, LANES, x_steps)
        running().scatter(y + 4 * line * y_line, places, _rectified(sums, flags))


def _row(rows, number):
    """Where a row of the window begins in x, and in the weights."""
    return running().span(rows, 8 * TAP.SIZE * number, 8 * TAP.SIZE).view(np.int64)[[TAP.X, TAP.WEIGHTS]]


@means(tile_words.window_tile)
def _window_tile(kind, outputs, flags, x, rows, taps, x_pixel, w, bias, y, y_pixel, channels):
    each = np.arange(channels)
    shifts = running().gather(bias, each) if bias else np.zeros(channels, np.float32)
    sums = np.repeat(np.broadcast_to(shifts[:, None], (channels, LANES))[None], outputs, 0).astype(np.float64)
    for a in range(taps):
        place, weight = _row(rows, a)
        weights = running().gather(w, weight + _grid((kind // KINDS, channels), (channels, 1))).astype(np.float64)
        for column, used in uses(kind, outputs).items():
            values = running().gather(x, place + column * x_pixel + _grid((channels, LANES), (LANES, 1)))
            for output, tap in used:
                added = weights[tap][:, None] * values.astype(np.float64) + sums[output]
                sums[output] = added.astype(np.float32)
    places = _grid((outputs, y_pixel), (channels, LANES), (LANES, 1))
    running().scatter(y, places, _rectified(sums.astype(np.float32), flags))


@means(tile_words.window_weights_tile)
def _window_weights_tile(kind, outputs, g, g_pixel, x, rows, taps, x_pixel, y, channels):
    gradients = running().gather(g, _grid((outputs, g_pixel), (channels, LANES), (LANES, 1))).astype(np.float64)
    for a in range(taps):
        place, weight = _row(rows, a)
        places = LANES * weight + _grid((kind // KINDS, channels * LANES), (channels, LANES), (LANES, 1))
        sums = running().gather(y, places).astype(np.float64)
        for column, used in uses(kind, outputs).items():
            values = running().gather(x, place + column * x_pixel + _grid((channels, LANES), (LANES, 1)))
            for output, tap in used:
                sums[tap] = (gradients[output] * values.astype(np.float64) + sums[tap]).astype(np.float32)
        running().scatter(y, places, sums.astype(np.float32))
