"""How layers with weights run on one picture: which tile goes where, and in which order weights are packed for it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from xonet.kernels import LANES, RELU, single, sliding, target
from xonet.kernels.tables import WIDE_BLOCK, Block, LineSpan, Visit, WideBlock, WideSteps, table
from xonet.language.shapes import Axis
from xonet.layers._convolution import Convolution
from xonet.layers._single_site import PARTS, NoSinglePicture, SingleSite
from xonet.layers._tables import feature_blocks, forward_visits
from xonet.program.rows import Argument, Ref

SHARED = 1 << 18
"""Multiply-adds of a layer from which on its rows are shared out between threads: what another core computed is slow to
fetch, and costs a smaller layer more than half its work."""


class Run(NamedTuple):
    """Neighbouring output places along one axis that see the same taps."""

    place: int
    length: int
    visit: Visit
    """Of the first one."""


def runs(visits: Sequence[Visit]) -> list[Run]:
    """Output places along one axis, those that see the same taps together."""
    found: list[Run] = []
    for place, visit in enumerate(visits):
        if found and found[-1].visit[1:] == visit[1:]:
            found[-1] = found[-1]._replace(length=found[-1].length + 1)
        else:
            found.append(Run(place, 1, visit))
    return found


def spans_of(rows: Axis, columns: Axis, x_pixel: int, y_pixel: int) -> list[LineSpan]:
    """All output places in tiles: along rows or down columns, whichever needs fewer steps."""
    x_row, y_row = columns.input * x_pixel, columns.output * y_pixel
    x_steps = rows.stride * x_row, columns.stride * x_pixel
    return spans_among(forward_visits(rows), forward_visits(columns), (x_row, x_pixel), x_steps, (y_row, y_pixel))


def spans_among(
    row_visits: Sequence[Visit], column_visits: Sequence[Visit], x: tuple[int, int], x_steps: tuple[int, int],
    y_steps: tuple[int, int],
) -> list[LineSpan]:  # fmt: skip
    """The same of places that see so; each pair is (down, across).

    x: from value to value; x_steps, y_steps: from place to place, in what is read and in what is written.
    """
    sizes = sorted({pixels for pixels, _ in target.feature_sizes()})
    (x_row, x_pixel), (y_row, y_pixel) = x, y_steps
    spans = []
    for i in runs(row_visits):
        for j in runs(column_visits):
            x_at = i.visit.source * x_row + j.visit.source * x_pixel
            y_at = i.place * y_row + j.place * y_pixel
            across = (i.length, x_steps[0], y_row), (j.length, x_steps[1], y_pixel)
            outer, inner = min(across, across[::-1], key=lambda way: way[0][0] * _cost(target.cut(way[1][0], sizes)))
            if all(near == far * inner[0] for far, near in zip(inner[1:], outer[1:], strict=True)):
                outer, inner = (1, 0, 0), (outer[0] * inner[0], *inner[1:])
            pieces = target.cut(inner[0], sizes)
            taps = (i.visit.taps, i.visit.first, j.visit.taps, j.visit.first)
            for size in sorted(set(pieces), reverse=True):
                tiles = pieces.count(size)
                spans.append(LineSpan(size, x_at, y_at, *inner[1:], *taps, tiles, *outer))
                x_at, y_at = x_at + size * tiles * inner[1], y_at + size * tiles * inner[2]
    return spans


def _cost(pieces: Sequence[int]) -> int:
    """Of tiles: one that is too small waits for its own sums."""
    return sum(max(size, 4) + 1 for size in pieces)


def dealt(spans: Sequence[LineSpan], parts: int) -> list[list[LineSpan]]:
    """Spans cut into parts of about the same work: the lines of each, or the tiles of a single line, go round."""
    found: list[list[LineSpan]] = [[] for _ in range(parts)]
    turn = 0
    for span in spans:
        along = span.lines == 1
        ends = [n * (span.tiles if along else span.lines) // parts for n in range(parts + 1)]
        for first, end in pairwise(ends):
            x, y = (span.pixels * span.x_pixel, span.pixels * span.y_pixel) if along else (span.x_line, span.y_line)
            part = span._replace(x=span.x + first * x, y=span.y + first * y)
            if first < end:
                found[turn % parts].append(part._replace(**{"tiles" if along else "lines": end - first}))
                turn += 1
    return [part for part in found if part]


def blocks_of(features: int, steps: int, pixels: int = 1) -> np.ndarray:
    """Features in blocks for `features`, on tiles of 1 or more pixels: a line of the table that it reads each."""
    sizes = sorted({sixteens for rows, sixteens in target.feature_sizes() if sixteens and rows == min(pixels, 2)})
    if pixels == 1 and features * steps >= SHARED:
        sizes = [size for size in sizes if size <= 2]
    blocks, first = [], 0
    for size in target.cut(-(-features // LANES), sizes):
        blocks.append(WideBlock(size, first * LANES, first * LANES * steps, 0))
        first += size
    return table(WideBlock, blocks)


def lower_single_convolution(layer: Convolution, site: SingleSite, groups: int) -> None:
    """A convolution of one picture."""
    if groups != 1:
        raise NoSinglePicture
    shape, x_pixel = site.operation.inputs[0].shape, site.pixel_stride
    rows, columns = site.widened(*layer.axes(shape))
    steps = layer.area * shape.channels
    index = np.arange(site.features * steps).reshape(site.features, steps)
    blocks = blocks_of(site.features, steps, pixels=2)
    spans = spans_of(rows, columns, x_pixel, site.y_pixel_stride)
    merged = columns.dilation == 1 and x_pixel == shape.channels
    if site.in_planes(columns):
        multiply_in_planes(site, rows, columns, layer.scale)
        return
    x_steps = (rows.dilation * columns.input * x_pixel, columns.dilation * x_pixel)
    strides = WideSteps(*x_steps, shape.channels, merged, columns.window)
    multiply(site, index, blocks, spans, strides, layer.scale)


def multiply(
    site: SingleSite, index: np.ndarray, blocks: np.ndarray, spans: Sequence[LineSpan], strides: WideSteps, scale: float
) -> None:
    """Rows that pack weights (features, steps), and rows that multiply, shared out where it is worth it."""
    features, steps = index.shape
    weights, offsets = pack(site, index, blocks, scale)
    steps_in_x = table(WideSteps, [strides])
    flags = RELU if site.fused_relu else 0
    pixels = sum(span.pixels * span.tiles * span.lines for span in spans)
    parts = [(blocks, list(spans))]
    # where each product needs a value of its own, it takes longer
    effort = 1 if blocks[0][WIDE_BLOCK.SIXTEENS] else 2
    if effort * features * steps * pixels >= SHARED:
        count = min(PARTS, len(blocks))
        cut = np.array_split(blocks, count)
        parts = [(own, part) for own in cut for part in dealt(spans, PARTS // count)]
    rows: list[tuple[Argument, ...]] = []
    for own, part in parts:
        own_spans = table(LineSpan, part)
        ends = (site.x_as_it_is, weights, offsets, site.y)
        rows.append((*ends, own_spans, len(own_spans), own, len(own), steps_in_x, flags))
    site.forward_parts([[site.row(single.features, *row)] for row in rows])


def pack(site: SingleSite, index: np.ndarray, blocks: np.ndarray, scale: float) -> tuple[Ref, Ref]:
    """Rows that pack weights block by block, and what is added to their sums; gives where both lie."""
    features, steps = index.shape
    padded = -(-features // LANES) * LANES
    packed, (factors, offsets) = site.program.take_shared(padded * steps), site.affine(padded, scale)
    whole = np.full((padded, steps), -1, np.int32)
    whole[:features] = index
    for block in (WideBlock(*line) for line in blocks.tolist()):
        wide, first = max(block.sixteens, 1), block.first
        places = np.ascontiguousarray(whole[first : first + wide * LANES].T)
        site.prepare(
            single.pack_features,
            site.parameter("weights"),
            packed.plus(block.weights),
            places,
            wide,
            steps,
            factors.plus(first),
        )
    return packed, offsets


def multiply_in_planes(site: SingleSite, rows: Axis, columns: Axis, scale: float) -> None:
    """A convolution with few features over a picture of one channel: there, sixteen pixels stand beside each other."""
    features, steps = site.features, rows.window * columns.window
    packed, (factors, offsets) = site.program.take_shared(features * steps), site.affine(features, scale)
    tiles, index = feature_blocks(features), np.arange(features * steps).reshape(features, steps)
    places = np.concatenate([index[first : first + size].T.ravel() for size, first in tiles])
    site.prepare(sliding.pack_with_factors, site.parameter("weights"), packed, places, len(places), factors, steps)
    blocks = table(Block, tiles)
    most = max(pixels for _, pixels in target.tile_sizes())
    site.forward(
        single.features_in_planes, site.x_as_it_is, packed, offsets, site.y, blocks, len(blocks), rows.output,
        rows.stride * columns.input, rows.dilation * columns.input, columns.dilation, rows.window, columns.window,
        -(-columns.output // LANES), features, most, RELU if site.fused_relu else 0,
    )  # fmt: skip
