"""Tables for the kernels of layers with weights: which register tile goes where. See `xonet.kernels.sliding`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, product
from typing import NamedTuple

import numpy as np

from xonet.kernels import LANES, target
from xonet.kernels.tables import Block, PackedBlock, Span, Term, Visit, WideTerm, table
from xonet.language.shapes import Axis


def forward_visits(axis: Axis) -> list[Visit]:
    """For every output place, the taps that lie on the input."""
    visits = []
    for place in range(axis.output):
        first, last = axis.taps(place)
        visits.append(Visit(place * axis.stride - axis.before + first * axis.dilation, last - first, first))
    return [visit if visit.taps else Visit(0, 0, 0) for visit in visits]


def backward_visits(axis: Axis) -> tuple[list[Visit], int, int]:
    """For every input place, the outputs that saw it, through weights packed back to front.

    Gives the visits, and the steps between two of their taps: in the output, and in the packed weights.
    """
    gcd = int(np.gcd(axis.stride, axis.dilation))
    tap_step, source_step = axis.stride // gcd, axis.dilation // gcd
    visits = []
    for place in range(axis.input):
        seen = []
        for tap in range(axis.window):
            output, rest = divmod(place + axis.before - tap * axis.dilation, axis.stride)
            if rest == 0 and 0 <= output < axis.output:
                seen.append((output, axis.window - 1 - tap))
        seen.sort()
        visits.append(Visit(seen[0][0], len(seen), seen[0][1]) if seen else Visit(0, 0, 0))
    return visits, source_step, tap_step


def row_table(visits: Sequence[Visit]) -> np.ndarray:
    """Rows for `slide`."""
    return table(Visit, visits)


PATCH = 3 << 13
"""Bytes of values that the tiles of a span may look at, so that they stay in the first-level cache."""


def span_table(visits: Sequence[Visit], y_pixel: int, x_pixel: int, rows: int, every: int = 1) -> np.ndarray:
    """Spans for `slide`: neighbours that see alike are taken together, as many as a tile has pixels, tile behind tile.

    `rows` is how many rows of x a window sees; `every`: it is not neighbours that see alike, but each so-manieth place.
    """
    spans = [
        span._replace(y=span.y + first * y_pixel)
        for first in range(every)
        for span in _spans(visits[first::every], every * y_pixel, x_pixel, rows)
    ]
    return table(Span, spans)


def _spans(visits: Sequence[Visit], y_pixel: int, x_pixel: int, rows: int) -> list[Span]:
    most = widest_tile()
    spans: list[Span] = []
    place = 0
    while place < len(visits):
        visit = visits[place]
        alike = most > 1 and place + 1 < len(visits) and visits[place + 1][1:] == visit[1:]
        pixels = 2 if alike else 1
        step = visits[place + 1].source - visit.source if alike else 0
        tile = Span(
            pixels, place * y_pixel, visit.source * x_pixel, visit.taps, visit.first, y_pixel, step * x_pixel, tiles=1
        )
        if spans and _continues(spans[-1], tile) and 4 * x_pixel * rows * (visit.taps + place) <= PATCH:
            spans[-1] = spans[-1]._replace(tiles=spans[-1].tiles + 1)
        else:
            spans.append(tile)
        place += pixels
    return spans


def _continues(span: Span, tile: Span) -> bool:
    """Whether a tile lies just behind a span of pairs, and is like them."""
    pixels = span.tiles * span.pixels
    behind = span._replace(y=span.y + pixels * span.y_pixel, x=span.x + pixels * span.x_pixel, tiles=1)
    return span.pixels > 1 and tile == behind


def widest_tile() -> int:
    """Pixels of the widest register tile."""
    return max(pixels for _, pixels in target.tile_sizes())


@cache
def _tile_rows() -> list[int]:
    return sorted({rows for rows, _ in target.tile_sizes()})


def feature_blocks(features: int) -> list[Block]:
    """Features cut into tiles."""
    sizes = target.cut(features, _tile_rows())
    return list(map(Block, sizes, starts(sizes)))


def starts(sizes: Sequence[int]) -> list[int]:
    """Where each of some blocks begins that lie one behind the other."""
    return [0, *accumulate(sizes[:-1])] if sizes else []


class Packing(NamedTuple):
    """Weights in the order in which tiles read them, and the blocks that find them there."""

    places: np.ndarray
    """Where each packed weight comes from."""
    blocks: np.ndarray


def packing(w_index: np.ndarray, groups: int, x_channels: int) -> Packing:
    """Pack weights whose indices are `w_index` (outputs, tap rows, tap columns, channels a group).

    A group's channels begin `x_channels` behind the group before.
    """
    outputs, height, width, channels = w_index.shape
    a_group = outputs // groups
    places, blocks, offset = [], [], 0
    for group in range(groups):
        for size, first in feature_blocks(a_group):
            output = group * a_group + first
            places.append(np.moveaxis(w_index[output : output + size], 0, -1).ravel())
            row, column = width * channels * size, channels * size
            blocks.append(PackedBlock(size, output, offset, row, column, group * x_channels * LANES))
            offset += height * row
    return Packing(np.concatenate(places).astype(np.int64), table(PackedBlock, blocks))


@cache
def _outer_sizes() -> tuple[list[int], list[int]]:
    sizes = target.outer_sizes()
    return sorted({rows for rows, _ in sizes}), sorted({taps for _, taps in sizes})


CACHE = 1 << 19
"""Bytes of values and gradients that a stretch of rows may take, so that it stays in the second-level cache."""


def _stretches(rows: Axis, columns: Axis, features: int, channels: int) -> Iterator[range]:
    """The rows of the output, cut so that what belongs to each stretch stays in the cache."""
    size = 4 * LANES * (columns.input * channels * rows.stride + columns.output * features)
    most = max(1, CACHE // size)
    for top in range(0, rows.output, most):
        yield range(top, min(rows.output, top + most))


def weight_terms(
    rows: Axis, columns: Axis, features: int, channels: int, groups: int, merged: bool, transposed: bool = False
) -> np.ndarray:
    """Terms for `gradient_of_weights`, of a convolution over `channels` channels, stretch of rows by stretch of rows.

    `merged`: taps beside each other in a row are neighbours in x, so that one tile may hold several columns' taps.
    `transposed`: the convolution's input has the features, and its output the channels.
    """
    tile_rows, tile_taps = _outer_sizes()
    own_channels, own_features = channels // groups, features // groups
    feature_cut = target.cut(own_features, tile_rows)
    feature_starts = starts(feature_cut)
    width = columns.window if merged else 1
    runs = target.cut(width * own_channels, tile_taps) if own_channels < 4 and merged else None
    parts = [
        part
        for start, size in _tap_runs(columns.window, own_channels, runs, tile_taps)
        for part in _column_parts(columns, start, size, own_channels, tile_taps)
    ]
    terms = []
    inside, outside = (features, channels) if transposed else (channels, features)
    for stretch, group, (feature, count), tap_i in product(
        _stretches(rows, columns, outside, inside),
        range(groups),
        list(zip(feature_starts, feature_cut, strict=True)),
        range(rows.window),
    ):
        first_i, end_i = _places(rows, tap_i, stretch)
        f = group * own_features + feature
        for first_j, end_j, start_tap, taps in parts if first_i < end_i else []:
            tap_j, channel = divmod(start_tap, own_channels)
            source_i = first_i * rows.stride - rows.before + tap_i * rows.dilation
            source_j = first_j * columns.stride - columns.before + tap_j * columns.dilation
            here, there = first_i * columns.output + first_j, source_i * columns.input + source_j
            g_pixel, x_pixel = (there, here) if transposed else (here, there)
            x = (x_pixel * channels + group * own_channels + channel) * LANES
            g = (g_pixel * features + f) * LANES
            dw = (f * rows.window + tap_i) * columns.window * own_channels + start_tap
            terms.append(Term(count, taps, g, x, end_i - first_i, end_j - first_j, dw))
    return table(Term, terms)


def wide_weight_terms(
    rows: Axis, columns: Axis, features: int, channels: int, groups: int, transposed: bool = False
) -> np.ndarray:
    """Terms for `gradient_of_wide_weights`, stretch of rows by stretch of rows; see `weight_terms`."""
    own_channels, own_features = channels // groups, features // groups
    pixels = widest_tile()
    terms = []
    inside, outside = (features, channels) if transposed else (channels, features)
    for stretch in _stretches(rows, columns, outside, inside):
        for tap_i in range(rows.window):
            first_i, end_i = _places(rows, tap_i, stretch)
            for tap_j in range(columns.window):
                first_j, end_j = _places(columns, tap_j)
                if first_i >= end_i or first_j >= end_j:
                    continue
                source_i = first_i * rows.stride - rows.before + tap_i * rows.dilation
                source_j = first_j * columns.stride - columns.before + tap_j * columns.dilation
                here, there = first_i * columns.output + first_j, source_i * columns.input + source_j
                g_pixel, x_pixel = (there, here) if transposed else (here, there)
                place, source = g_pixel * features * LANES, x_pixel * channels * LANES
                for group in range(groups):
                    for channel in range(0, own_channels, LANES * pixels):
                        wide = min(own_channels - channel, LANES * pixels)
                        for count, feature in feature_blocks(own_features):
                            f = group * own_features + feature
                            dw = ((f * rows.window + tap_i) * columns.window + tap_j) * own_channels + channel
                            x = source + group * own_channels + channel
                            size = (end_i - first_i, end_j - first_j)
                            sixteens = -(-wide // LANES)
                            rest = wide - LANES * (sixteens - 1)
                            terms.append(WideTerm(count, sixteens, place + f * LANES, x, *size, dw, rest))
    return table(WideTerm, terms)


def _places(axis: Axis, tap: int, among: range | None = None) -> tuple[int, int]:
    """The outputs, of all or `among` some, whose tap lies on the input: first, and behind the last."""
    among = among or range(axis.output)
    first = max(among.start, -((tap * axis.dilation - axis.before) // axis.stride))
    end = min(among.stop, (axis.input - 1 + axis.before - tap * axis.dilation) // axis.stride + 1)
    return first, max(first, end)


def _tap_runs(window: int, channels: int, runs: list[int] | None, sizes: list[int]) -> list[tuple[int, int]]:
    """A row of taps (columns × channels) cut into tiles: (first, how many)."""
    if runs is not None:
        return list(zip(starts(runs), runs, strict=True))
    cut = target.cut(channels, sizes)
    blocks = list(zip(starts(cut), cut, strict=True))
    return [(tap * channels + start, size) for tap in range(window) for start, size in blocks]


def _column_parts(
    columns: Axis, start: int, size: int, channels: int, sizes: list[int]
) -> list[tuple[int, int, int, int]]:
    """A run of taps, and the columns of places where all of it lies on the input: (first, end, first tap, taps).

    Behind the whole run follow its taps one column at a time, at the edges where only they lie on the input.
    """
    taps = range(start // channels, (start + size - 1) // channels + 1)
    each = [_places(columns, tap) for tap in taps]
    first, end = max(a for a, _ in each), min(b for _, b in each)
    if first >= end:
        first = end = each[0][0]
    parts = [(first, end, start, size)] if first < end else []
    for tap, (own_first, own_end) in zip(taps, each, strict=True):
        own_start = max(start, tap * channels)
        own_size = min(start + size, (tap + 1) * channels) - own_start
        edges = (
            [(own_first, min(own_end, first)), (max(own_first, end), own_end)]
            if first < end
            else [(own_first, own_end)]
        )
        parts += [(a, b, own_start, own_size) for a, b in edges if a < b]
    return parts
