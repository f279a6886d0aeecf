"""How a 3 × 3 convolution runs natively with a quarter of its multiplications; see `kernels.winograd_transforms`."""

from __future__ import annotations

from itertools import product

import numpy as np

from xonet.kernels import LANES, single, sliding, winograd
from xonet.kernels.winograd_transforms import PATCH, PLACES, POINTS, TILE, apart
from xonet.language.shapes import Axis
from xonet.layers._convolution import Convolution
from xonet.layers._site import Site
from xonet.layers._tables import feature_blocks, widest_tile
from xonet.program.rows import Argument, Ref

AT_ONCE = 1 << 21
"""Bytes of transformed patches before they are multiplied: more would leave the caches, fewer be added up too often."""


def suits(layer: Convolution, site: Site, groups: int) -> bool:
    """Whether a convolution can run so, and gains: not where tiles would lie mostly beside the picture."""
    return (
        groups == 1
        and tiled(*layer.axes(site.shape))
        and site.shape.channels % LANES == 0
        and min(site.shape.channels, site.output_shape.channels) >= LANES
    )


def tiled(rows: Axis, columns: Axis) -> bool:
    """Whether windows are 3 × 3 as they must be, and tiles do not lie mostly beside the picture."""
    tiles = -(-rows.output // TILE) * -(-columns.output // TILE)
    fits = (
        axis.window == 3 and axis.stride == axis.dilation == 1 and 0 <= axis.before <= 2 for axis in (rows, columns)
    )
    return all(fits) and PLACES * tiles <= 2 * rows.output * columns.output


def lower_winograd(layer: Convolution, site: Site) -> None:
    """Rows of a convolution for which `suits` holds."""
    rows, columns = layer.axes(site.shape)
    channels, features = site.shape.channels, site.output_shape.channels
    scale = 1.0 / layer.area if layer.reduce == "mean" else 1.0
    weights = site.parameter("weights")
    bias: Argument = site.parameter("bias") if site.has("bias") else 0
    factors: Argument = 0
    if site.norm is not None:
        norm = site.norm_parameters()
        factors, offsets = (site.program.take_shared(features) for _ in range(2))
        site.prepare_first(single.prepare_affine, bias, *norm[:4], factors, offsets, features, features, scale, norm[4])
        bias, scale = offsets, 1.0
    block = site.program.take_scratch(POINTS * LANES)
    u = take_weights(site, features, channels)
    site.prepare(winograd.prepare, weights, u, features, channels, scale, factors, 0, block)
    tables = slide_tables(site, (rows, columns), channels, features, (channels, 1))
    site.forward(winograd.slide, site.x, u, bias, site.y, *tables, site.rectify)
    if site.dy is None:
        return
    if (gradient := site.gradient("weights")) is not None:
        turned = site.program.take_scratch(site.shape.size * LANES)
        room = turned.plus(site.shape.size * LANES)
        tiles = tile_table(rows, columns, channels, features)
        at_once = max(1, min(len(tiles), AT_ONCE // (4 * POINTS * LANES * (channels + features + 2))))
        needed = POINTS * (LANES + apart(features, channels) + at_once * LANES * (channels + features + 2)) + 128
        site.program.take_scratch(site.shape.size * LANES + needed)
        blocks = np.array(feature_blocks(features), np.int64)
        site.backward(sliding.turn_channels, site.x, turned, rows.input * columns.input, channels)
        site.backward(
            winograd.gradient_of_weights, turned, site.dy, gradient, tiles, len(tiles), at_once,
            np.zeros(max(channels, features) * LANES, np.float32), room, channels, features, blocks, len(blocks),
            widest_tile(), scale,
        )  # fmt: skip
    if site.has("bias") and (gradient := site.gradient("bias")) is not None:
        site.backward(sliding.gradient_of_bias, site.dy, gradient, rows.output * columns.output, features, features)
    if site.dx is not None:
        u = take_weights(site, channels, features)
        site.prepare(winograd.prepare, weights, u, features, channels, scale, 0, 1, block)
        back = (_turned(rows), _turned(columns))
        tables = slide_tables(site, back, features, channels, (1, LANES))
        site.backward(winograd.slide, site.dy, u, 0, site.dx, *tables, False)


def slide_tables(
    site: Site, axes: tuple[Axis, Axis], channels: int, features: int, steps: tuple[int, int]
) -> list[Argument]:
    """Of `slide`, over axes that may be those of the way back; steps: of weights, by feature of y and channel of x."""
    tiles = tile_table(*axes, channels, features)
    if len(tiles) % 2:
        tiles = np.concatenate([tiles, np.full_like(tiles[:1], -1)])
    blocks = [
        (size, sixteen + first, sixteen // LANES * POINTS * apart(LANES, channels) + first * steps[0])
        for sixteen in range(0, features, LANES)
        for size, first in feature_blocks(min(LANES, features - sixteen))
    ]
    most = max(size for size, _, _ in blocks)
    room = 128 + LANES * (POINTS + features + 2 * POINTS * (channels + 1 + most + 1))
    return [
        tiles, len(tiles), np.zeros(channels * LANES, np.float32), site.program.take_scratch(room),
        channels, np.array(blocks, np.int64), len(blocks), features, *steps, widest_tile(),
    ]  # fmt: skip


def take_weights(site: Site, features: int, channels: int) -> Ref:
    """Room for transformed weights, by feature of what is written and channel of what is read."""
    return site.program.take_shared(-(-features // LANES) * POINTS * apart(LANES, channels))


def _turned(axis: Axis) -> Axis:
    """The axis as the gradient of the input sees it."""
    return axis._replace(input=axis.output, before=2 - axis.before, output=axis.input)


def tile_table(rows: Axis, columns: Axis, channels: int, features: int) -> np.ndarray:
    """For every tile, where the pixels of its patch and its own lie, in bytes, or -1 beside the picture."""
    value = 4 * LANES

    def places(top: int, left: int, size: int, height: int, width: int, pixel: int) -> list[int]:
        return [
            (i * width + j) * pixel * value if 0 <= i < height and 0 <= j < width else -1
            for i, j in product(range(top, top + size), range(left, left + size))
        ]

    return np.array(
        [
            places(i - rows.before, j - columns.before, PATCH, rows.input, columns.input, channels)
            + places(i, j, TILE, rows.output, columns.output, features)
            for i, j in product(range(0, rows.output, TILE), range(0, columns.output, TILE))
        ],
        np.int64,
    )
