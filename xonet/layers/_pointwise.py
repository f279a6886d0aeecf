"""How a 1 × 1 convolution runs natively: over a picture's pixels in a row, so many at a time as stay in the cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.language.shapes import Shape
from xonet.layers._convolution import Convolution
from xonet.layers._packing import packed_weights
from xonet.layers._site import Site
from xonet.layers._tables import Packing, Visit, feature_blocks, packing, row_table, span_table, widest_tile
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


class InPassing:
    """Its rows outside training, for pixels that the layer behind asks for; see `xonet.engine.fusions`."""

    in_training = False

    def __init__(self, layer: Convolution, site: Site) -> None:
        self.site, channels, features = site, site.shape.channels, site.output_shape.channels
        self.packed = packing(np.arange(features * channels).reshape(features, 1, 1, channels), 1, channels)
        self.weights, self.bias = packed_weights(layer, site, self.packed.places)

    def make(self, to: Ref, first: int, count: int, apart: int) -> Row:
        """Pixels of its output."""
        return self.multiply(self.site.x.plus(first * self.site.shape.channels * LANES), to, count, apart)

    def multiply(self, x: Ref, y: Ref, count: int, y_pixel: int) -> Row:
        """Pixels of its input, wherever they are, to where they lie `y_pixel` float32 apart."""
        flags = RELU if self.site.rectify else 0
        x_pixel = self.site.shape.channels * LANES
        return self.site.row(
            sliding.slide,
            *(x, self.weights, self.bias, y),
            *_product(x_pixel, y_pixel, self.packed, count),
            1.0,
            flags,
        )


def lower_pointwise(layer: Convolution, site: Site) -> None:
    """Rows of a convolution for which `suits` holds, with weights (features, 1, 1, channels)."""
    if site.makes:
        return
    channels, features = site.shape.channels, site.output_shape.channels
    x_room = site.room(_most(site) * channels * LANES) if site.maker else None
    for first, count in _stretches(site):
        x = _values(site, x_room, first, count, False)
        y = site.y.plus(first * features * LANES)
        site.add_forward(site.in_passing.multiply(x, y, count, features * LANES))
        site.written(first, count)
    if site.dy is None:
        return
    gradient, shifts = site.gradient("weights"), site.gradient("bias") if site.has("bias") else None
    g_room = site.room(_most(site) * features * LANES) if site.watcher else None
    turned = site.room(_most(site) * channels * LANES)
    index = np.arange(features * channels).reshape(features, channels)
    swapped = packing(index.T.reshape(channels, 1, 1, features), 1, features)
    weights = site.program.take_shared(index.size)
    site.prepare(sliding.pack, site.parameter("weights"), weights, swapped.places, index.size, 1.0)
    for first, count in _stretches(site):
        g = site.dy.plus(first * features * LANES)
        if g_room is not None:
            g = g_room
            site.bring_gradient(g, first, count, features * LANES)
        if gradient is not None:
            site.backward(sliding.turn_channels, _values(site, x_room, first, count, True), turned, count, channels)
            terms = _terms(channels, features, count)
            site.backward(
                sliding.gradient_of_wide_weights, g, turned, gradient, terms, len(terms), 0, features * LANES,
                0, channels * LANES, channels, channels, 1.0,
            )  # fmt: skip
        if shifts is not None:
            site.backward(sliding.gradient_of_bias, g, shifts, count, features, features)
        if site.dx is not None:
            dx = site.dx.plus(first * channels * LANES)
            steps = (features * LANES, channels * LANES)
            site.backward(sliding.slide, g, weights, 0, dx, *_product(*steps, swapped, count), 1.0, 0)
            site.gradient_written(first, count)


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


def _values(site: Site, room: Ref | None, first: int, count: int, back: bool) -> Ref:
    """Where pixels of the input lie, forward or on the way back; where a neighbour makes them, it does so now."""
    if room is None:
        return site.x.plus(first * site.shape.channels * LANES)
    site.bring(back, room, first, count, site.shape.channels * LANES)
    return room


def _product(x_pixel: int, y_pixel: int, packed: Packing, count: int) -> list[Argument]:
    """The tables of the row that multiplies so many pixels by packed weights."""
    here = [Visit(pixel, 1, 0) for pixel in range(count)]
    spans = span_table(here, y_pixel, x_pixel, 1)
    steps = np.array((0, 0, 0, 0, x_pixel // LANES, 1, 1, 1), np.int64)
    blocks = packed.blocks
    return [row_table(here[:1]), 1, spans, len(spans), blocks, len(blocks), steps]


def _terms(channels: int, features: int, count: int) -> np.ndarray:
    """Terms for `gradient_of_wide_weights`."""
    wide = widest_tile() * LANES
    return np.array(
        [
            (rows, -(-min(wide, channels - channel) // LANES), feature * LANES, channel, 1, count,
             feature * channels + channel, (min(wide, channels - channel) - 1) % LANES + 1)
            for channel in range(0, channels, wide)
            for rows, feature in feature_blocks(features)
        ],
        np.int64,
    )  # fmt: skip
