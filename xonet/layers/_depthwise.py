"""How windows that look at one channel each run natively: row by row, from a few rows that stay in the cache.

What is read is brought to a place of its own first, with zeros beside the picture and an odd number of channels' room
from pixel to pixel; see `xonet.kernels.window_tiles`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from xonet.kernels import LANES, RELU, Kernel, depthwise, sliding, target
from xonet.kernels.tables import Tap, table
from xonet.language.shapes import Axis, Shape
from xonet.layers._convolution import Convolution
from xonet.layers._packing import packed_weights
from xonet.layers._site import Site
from xonet.layers._tables import forward_visits
from xonet.program.rows import Argument, Parts, Ref, Row

Sight = list[tuple[int, int]]
"""What a row looks at: (row, the window's row through which it does)."""


def suits(layer: Convolution, shape: Shape) -> bool:
    """Whether a layer can run so: one feature a channel, in a window that has a tile of its own."""
    columns = layer.axes(shape)[1]
    return (
        layer.output_shape(shape).channels == shape.channels
        and columns.window in target.WINDOWS
        and columns.stride in (1, 2)
        and columns.dilation == 1
        and 0 <= columns.before < columns.window
    )


@dataclass(frozen=True)
class Ring:
    """Room for some rows of a picture: row r lies in slot r modulo `slots`, until another takes its place."""

    place: Ref
    slots: int
    first: int
    """The column at which rows begin: 0, or a negative one beside the picture."""
    columns: int
    channels: int

    @classmethod
    def on(cls, site: Site, slots: int, first: int, end: int, channels: int) -> Ring:
        """One in the layer's workspace, for columns up to `end`."""
        return cls(site.workspace(slots * (end - first) * (channels | 1) * LANES), slots, first, end - first, channels)

    @property
    def pixel(self) -> int:
        """From pixel to pixel, in float32."""
        return (self.channels | 1) * LANES

    def row(self, number: int) -> int:
        """Where a row begins, in float32."""
        return number % self.slots * self.columns * self.pixel

    def margins(self, width: int) -> tuple[Kernel, Ref, int, int, int, int, int]:
        """What makes all zero that lies beside a picture `width` wide."""
        begin, end = -self.first, min(self.columns, width - self.first)
        return depthwise.margins, self.place, self.slots, self.columns, self.channels | 1, begin, end

    def stretch(self, row: int, width: int) -> tuple[Ref, int, int, int]:
        """A row of a picture `width` wide that goes here: where to, its first pixel, how many, and how far apart."""
        end = min(width, self.first + self.columns)
        return self.place.plus(self.row(row) - self.first * self.pixel), row * width, end, self.pixel

    def sight(self, sight: Sight, window: int) -> tuple[Ref, np.ndarray, int, int]:
        """How kernels are told what is looked at: place, rows, how many, from pixel to pixel."""
        taps = table(Tap, [(self.row(row), tap * window * self.channels) for row, tap in sight])
        return self.place, taps, len(taps), self.pixel


def lower_depthwise(layer: Convolution, site: Site) -> None:
    """Rows of a layer for which `suits` holds, with weights (channels, kernel height, kernel width, 1).

    Workers that share a group have channels of their own: those know nothing of each other.
    """
    parts = site.shares(site.shape.channels, site.output_shape.size * layer.area)
    # for each part as [row][column][channel]
    places = np.arange(site.shape.channels * layer.area).reshape(site.shape.channels, -1)
    order = np.concatenate([places[part.start : part.stop].T.ravel() for part in parts])
    packed, bias = packed_weights(layer, site, order)
    own = [_Part(layer, site, part, packed.plus(part.start * layer.area), len(parts) == 1) for part in parts]
    for stage in site.stages([part.forward(bias) for part in own]):
        site.forward_parts(stage)
    if site.dy is not None:
        for stage in site.stages([part.backward() for part in own]):
            site.backward_parts(stage)


Piece = tuple[list[Row], Parts]
"""Rows, and those that look at what they wrote."""


class _Part:
    """Some channels of a layer, row after row."""

    def __init__(self, layer: Convolution, site: Site, own: range, packed: Ref, looks: bool) -> None:
        self.layer, self.site, self.own, self.packed = layer, site, own, packed
        self.looks = looks or own.start == 0
        """Whether it says when pixels are written: one of all parts does, for all channels."""
        self.rows, self.columns = layer.axes(site.shape)
        self.pixel = site.shape.channels * LANES
        """From pixel to pixel of the values, in float32."""
        self.sights = _sights(self.rows)
        columns, window = self.columns, self.rows.window
        # the tile for the gradient of the weights takes whole blocks: beside the picture, it multiplies by zeros
        self.whole = columns.output if site.dy is None else -(-columns.output // _block()) * _block()
        end = (self.whole - 1) * columns.stride + columns.window - columns.before
        before, self.after = site.used, 0
        self.x = Ring.on(site, (window - 1) * self.rows.dilation + 1, -columns.before, end, len(own))
        self.after, site.used = site.used, before  # parts may lie on one another: each is one worker's

    def forward(self, bias: Argument) -> list[Piece]:
        """Rows on the way forward."""
        site, columns, channels = self.site, self.columns, len(self.own)
        size = max(size for size in target.neighbours() if size <= columns.output)
        shift = bias.plus(self.own.start) if isinstance(bias, Ref) else bias
        pieces: list[Piece] = [([site.row(*self.x.margins(columns.input))], [])]
        for row, (sight, new) in enumerate(zip(self.sights, _new(self.sights), strict=True)):
            rows = [self._bring(seen) for seen in new]
            y = site.y.plus(row * columns.output * self.pixel + self.own.start * LANES)
            rows.append(
                site.row(
                    depthwise.forward_row, *self.x.sight(sight, columns.window), self.packed, shift, y, self.pixel,
                    columns.output, channels, columns.window, columns.stride, size, RELU if site.fused_relu else 0,
                )
            )  # fmt: skip
            pieces.append((rows, site.consume(row * columns.output, columns.output) if self.looks else []))
        return pieces

    def _bring(self, seen: int) -> Row:
        to, first, count, pixel_stride = self.x.stretch(seen, self.columns.input)
        return self.site.bring(to, first, count, pixel_stride, self.own)

    def backward(self) -> list[Piece]:
        """Both gradients, one row of the output's gradient after another."""
        site, layer, rows, columns, channels = self.site, self.layer, self.rows, self.columns, len(self.own)
        weights, shifts = site.gradient("weights"), site.gradient("bias")
        back = _sights_back(rows) if site.dx is not None else []
        # each row of the input's gradient, as soon as the last row that it looks at is there
        due = _due(back)
        slots = max((last - min(sight)[0] + 1 for last, sight in zip(due, back, strict=True) if sight), default=1)
        low, high = _columns_back(columns)
        site.used = self.after
        g = Ring.on(site, slots, low, max(high, self.whole), channels)
        sums = site.workspace(layer.area * channels * LANES)
        size = max(size for size in target.neighbours() if size <= columns.input)
        begin = [site.row(*g.margins(columns.output))]
        if weights is not None:
            begin += [site.row(*self.x.margins(columns.input)), site.row(depthwise.zero, sums, layer.area * channels)]
        pieces: list[Piece] = [(begin, [])]
        for row, (sight, new) in enumerate(zip(self.sights, _new(self.sights), strict=True)):
            to, first, count, pixel_stride = g.stretch(row, columns.output)
            found = [site.bring_gradient(to, first, count, pixel_stride, self.own)]
            here = g.place.plus(g.row(row) - low * g.pixel)
            if weights is not None:
                found += [self._bring(seen) for seen in new]
                found.append(
                    site.row(
                        depthwise.filter_gradient_row, here, g.pixel, *self.x.sight(sight, columns.window), sums,
                        columns.output, channels, columns.window, columns.stride, _block(),
                    )
                )  # fmt: skip
            if shifts is not None:
                db = shifts.plus(self.own.start)
                found.append(site.row(sliding.gradient_of_bias, here, db, columns.output, channels, g.pixel // LANES))
            pieces.append((found, []))
            for place in range(bisect_left(due, row), bisect_right(due, row)):
                assert site.dx is not None
                dx = site.dx.plus(place * columns.input * self.pixel + self.own.start * LANES)
                slide = site.row(
                    depthwise.input_gradient_row, *g.sight(back[place], columns.window), self.packed, dx, self.pixel,
                    columns.input, channels, columns.window, columns.stride, columns.before, low, size,
                )  # fmt: skip
                looks = site.consume_gradient(place * columns.input, columns.input) if self.looks else []
                pieces.append(([slide], looks))
        if weights is not None:
            dw = weights.plus(self.own.start * layer.area)
            pieces.append(([site.row(depthwise.collect, sums, dw, layer.area, channels, layer.scale)], []))
        return pieces


def gradient_in_place(layer: Convolution, shape: Shape) -> bool:
    """Whether what has been read of the output when a row of the input's gradient is written reaches that far."""
    rows, columns = layer.axes(shape)
    before = rows.output * columns.output - rows.input * columns.input
    return (
        suits(layer, shape)
        and before >= 0
        and all(
            before + (place + 1) * columns.input <= (last + 1) * columns.output
            for place, last in enumerate(_due(_sights_back(rows)))
        )
    )


def _due(back: list[Sight]) -> list[int]:
    """For each row of the input's gradient, the row of the output's after which it can be computed, in their order."""
    return list(accumulate((max((seen for seen, _ in sight), default=0) for sight in back), max))


def _block() -> int:
    """The most outputs that a tile computes together."""
    return max(target.neighbours())


def _sights(rows: Axis) -> list[Sight]:
    """What each row of the output looks at."""
    return [
        [(visit.source + tap * rows.dilation, visit.first + tap) for tap in range(visit.taps)]
        for visit in forward_visits(rows)
    ]


def _sights_back(rows: Axis) -> list[Sight]:
    """Which rows of the output look at each row of the input."""
    back: list[Sight] = [[] for _ in range(rows.input)]
    for row, sight in enumerate(_sights(rows)):
        for seen, tap in sight:
            back[seen].append((row, tap))
    return back


def _columns_back(columns: Axis) -> tuple[int, int]:
    """The columns of the output, some of them beside it, that the columns of the input look at: first and end."""
    seen = [
        (place + columns.before - tap) // columns.stride
        for place in range(columns.input)
        for tap in range(columns.window)
        if (place + columns.before - tap) % columns.stride == 0
    ]
    return min(seen), max(seen) + 1


def _new(sights: list[Sight]) -> Iterator[list[int]]:
    """The rows that are looked at for the first time.

    Dilated windows need not look at rows in their order: where the padding hides row 0 from the first, the next may
    still begin with it. None of them is overwritten in its ring while it is needed, as windows only move down.
    """
    known: set[int] = set()
    for sight in sights:
        new = [row for row, _ in sight if row not in known]
        known.update(new)
        yield new
