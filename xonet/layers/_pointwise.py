"""How a 1 × 1 convolution runs natively: over a picture's pixels in a row, so many at a time as stay in the cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.kernels.tables import Steps, Visit, WideTerm, table
from xonet.language.shapes import Shape
from xonet.layers._convolution import Convolution
from xonet.layers._packing import packed_weights
from xonet.layers._site import Site
from xonet.layers._tables import Packing, feature_blocks, packing, row_table, span_table, widest_tile
from xonet.program.rows import Argument, Ref, Row

STRETCH = 1 << 17
"""Bytes of values and gradients that are worked on together, about."""


def suits(layer: Convolution, shape: Shape, groups: int) -> bool:
    """Whether a convolution sees every pixel by itself, and has enough channels to be run in this way."""
    return (
        all(axis.window == axis.stride == 1 and axis.output == axis.input for axis in layer.axes(shape))
        and groups == 1
        and shape.channels >= LANES
    )


class FusedRows:
    """Its rows outside training, for pixels that the layer behind asks for; see `xonet.engine.fusions`."""

    in_training = False

    def __init__(self, layer: Convolution, site: Site) -> None:
        self.site, channels, features = site, site.shape.channels, site.output_shape.channels
        self.packed = packing(np.arange(features * channels).reshape(features, 1, 1, channels), 1, channels)
        self.weights, self.bias = packed_weights(layer, site, self.packed.places)

    def produce(self, to: Ref, first: int, count: int, pixel_stride: int, channels: range) -> Row:
        """Pixels of its output: all channels, as it is only asked where one worker has the whole group."""
        return self.multiply(self.site.x.plus(first * self.site.shape.channels * LANES), to, count, pixel_stride)

    def multiply(self, x: Ref, y: Ref, count: int, y_pixel: int) -> Row:
        """Pixels of its input, wherever they are, to where they lie `y_pixel` float32 apart."""
        flags = RELU if self.site.fused_relu else 0
        x_pixel = self.site.shape.channels * LANES
        return self.site.row(
            sliding.conv_forward,
            *(x, self.weights, self.bias, y),
            *_product(x_pixel, y_pixel, self.packed, count),
            1.0,
            flags,
        )


def lower_pointwise(layer: Convolution, site: Site) -> None:
    """Rows of a convolution for which `suits` holds, with weights (features, 1, 1, channels)."""
    if site.fused_into_consumer:
        return
    channels, features = site.shape.channels, site.output_shape.channels
    stretches, macs = [*_stretches(site)], site.output_shape.size * channels
    x_workspace = site.workspace(_most(site) * channels * LANES) if site.fused_producer else None
    pieces = []
    for first, count in stretches:
        x, brought = _values(site, x_workspace, first, count)
        y = site.y.plus(first * features * LANES)
        rows = [*brought, site.fused_rows.multiply(x, y, count, features * LANES)]
        pieces.append((rows, site.consume(first, count)))
    for stage in site.stages([pieces[part.start : part.stop] for part in site.shares(len(pieces), macs)]):
        site.forward_parts(stage)
    if site.dy is None:
        return
    index = np.arange(features * channels).reshape(features, channels)
    swapped = packing(index.T.reshape(channels, 1, 1, features), 1, features)
    weights = site.program.take_shared(index.size)
    site.prepare(sliding.pack, site.parameter("weights"), weights, swapped.places, index.size, 1.0)
    back = _Back(site, stretches, x_workspace)
    pieces = []
    for first, count in stretches:
        rows = back.bring(first, count)
        if site.program.workers == 1:
            rows += [row for part in back.weigh([(first, count)], macs) for row in part]
        if site.dx is not None:
            dx, steps = site.dx.plus(first * channels * LANES), (features * LANES, channels * LANES)
            g = back.gradient(first)
            rows.append(site.row(sliding.conv_forward, g, weights, 0, dx, *_product(*steps, swapped, count), 1.0, 0))
        pieces.append((rows, site.consume_gradient(first, count) if site.dx is not None else []))
    stages = site.stages([pieces[part.start : part.stop] for part in site.shares(len(pieces), macs)])
    if site.program.workers > 1:
        stages.insert(1, back.weigh(stretches, macs))
    for stage in stages:
        site.backward_parts(stage)


class _Back:
    """What is needed of each stretch on the way back: the output's gradient, and the input channel by channel.

    One worker needs room for one stretch; where workers share, for all, as they weigh when everything is brought.
    """

    def __init__(self, site: Site, stretches: list[tuple[int, int]], x_workspace: Ref | None) -> None:
        self.site, self.x_workspace = site, x_workspace
        self.channels, self.features = site.shape.channels, site.output_shape.channels
        self.shared = site.program.workers > 1
        pixels = site.shape[0] * site.shape[1] if self.shared else _most(site)
        take = site.handed_on if self.shared else site.workspace
        self.g_workspace = take(pixels * self.features * LANES) if site.fused_consumer else None
        self.weights = site.gradient("weights")
        self.shifts = site.gradient("bias")
        self.transposed = take((pixels * self.channels + 1) * LANES)  # the last channels are read as a whole sixteen

    def gradient(self, first: int) -> Ref:
        """Where a stretch's gradient of the output lies."""
        assert self.site.dy is not None, "it learns"
        if self.g_workspace is None:
            return self.site.dy.plus(first * self.features * LANES)
        return self.g_workspace.plus(first * self.features * LANES * self.shared)

    def values(self, first: int) -> Ref:
        """Where a stretch's input goes, channels beside each other."""
        return self.transposed.plus(first * self.channels * LANES * self.shared)

    def bring(self, first: int, count: int) -> list[Row]:
        """Rows that bring both."""
        rows = []
        if self.g_workspace is not None:
            rows.append(self.site.bring_gradient(self.gradient(first), first, count, self.features * LANES))
        if self.weights is not None:
            x, brought = _values(self.site, self.x_workspace, first, count)
            rows += [*brought, self.site.row(sliding.transpose_channels, x, self.values(first), count, self.channels)]
        return rows

    def weigh(self, stretches: list[tuple[int, int]], macs: int) -> list[list[Row]]:
        """Rows that add up the gradients of weights and bias, cut by features, stretch after stretch."""
        channels, features, row = self.channels, self.features, self.site.row
        parts = []
        # each part reads all values: so there are no more than workers
        cuts = len(self.site.shares(min(self.site.program.workers, -(-features // LANES)), macs))
        sixteens = -(-features // LANES)
        for number in range(cuts):
            begin, end = (sixteens * n // cuts for n in (number, number + 1))
            own = range(begin * LANES, min(features, end * LANES))
            rows: list[Row] = []
            for first, count in stretches:
                g, x = self.gradient(first).plus(own.start * LANES), self.values(first)
                if self.weights is not None:
                    dw, terms = self.weights.plus(own.start * channels), _terms(channels, len(own), count)
                    rows.append(
                        row(
                            sliding.gradient_of_wide_weights, g, x, dw, terms, len(terms), 0, features * LANES,
                            0, channels * LANES, channels, channels, 1.0,
                        )
                    )  # fmt: skip
                if self.shifts is not None:
                    db = self.shifts.plus(own.start)
                    rows.append(row(sliding.gradient_of_bias, g, db, count, len(own), features))
            parts.append(rows)
        return parts


def _most(site: Site) -> int:
    """Pixels of a stretch."""
    size = 4 * LANES * (site.shape.channels + site.output_shape.channels)
    return max(8, STRETCH // size // 8 * 8)


def _stretches(site: Site) -> Iterator[tuple[int, int]]:
    """A picture's pixels cut into stretches, (first, count), from the last to the first.

    Layers with windows go from the first to the last: what one wrote last, the other reads while it is in the cache.
    """
    pixels, most = site.shape[0] * site.shape[1], _most(site)
    for first in reversed(range(0, pixels, most)):
        yield first, min(most, pixels - first)


def _values(site: Site, workspace: Ref | None, first: int, count: int) -> tuple[Ref, list[Row]]:
    """Where pixels of the input lie, and the row that brings them there, where a neighbour makes them only now."""
    if workspace is None:
        return site.x.plus(first * site.shape.channels * LANES), []
    return workspace, [site.bring(workspace, first, count, site.shape.channels * LANES)]


def _product(x_pixel: int, y_pixel: int, packed: Packing, count: int) -> list[Argument]:
    """The tables of the row that multiplies so many pixels by packed weights."""
    here = [Visit(pixel, 1, 0) for pixel in range(count)]
    spans = span_table(here, y_pixel, x_pixel, 1)
    steps = table(Steps, [Steps(0, 0, 0, 0, x_pixel // LANES, merged=1, next_i=1, next_j=1)])
    blocks = packed.blocks
    return [row_table(here[:1]), 1, spans, len(spans), blocks, len(blocks), steps]


def _terms(channels: int, features: int, count: int) -> np.ndarray:
    """Terms for `gradient_of_wide_weights`."""
    wide = widest_tile() * LANES
    return table(
        WideTerm,
        [
            (rows, -(-min(wide, channels - channel) // LANES), feature * LANES, channel, 1, count,
             feature * channels + channel, (min(wide, channels - channel) - 1) % LANES + 1)
            for channel in range(0, channels, wide)
            for rows, feature in feature_blocks(features)
        ],
    )  # fmt: skip
