"""How a 3 × 3 convolution runs natively with a quarter of its multiplications; see `kernels.winograd_transforms`."""

from __future__ import annotations

from itertools import product

import numpy as np

from xonet.kernels import LANES, winograd
from xonet.kernels.tables import Block, TransformedBlock, table
from xonet.kernels.winograd_transforms import PATCH, PLACES, POINTS, TILE, product_stride
from xonet.language.shapes import Axis
from xonet.layers._convolution import Convolution
from xonet.layers._site import Site
from xonet.layers._tables import feature_blocks, widest_tile
from xonet.layers._weight_rows import gradient_of_bias, transpose_channels
from xonet.program.rows import Argument, Parts, Ref, Row

AT_ONCE = 1 << 21
"""Bytes of transformed patches before they are multiplied: more would leave the caches, fewer be added up too often."""


MANY_WEIGHTS = 1 << 20
"""Bytes of transformed weights that a worker had better not read all of: a second-level cache holds little more."""
FEWEST = 8
"""Features of a part of the gradient of the weights: fewer would leave the registers half empty."""


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
    scale, bias, weights = layer.scale, site.bias, site.parameter("weights")
    factors: Argument = 0
    if site.norm is not None:
        factors, bias = site.affine(features, scale)
        scale = 1.0
    block = site.program.take_scratch(POINTS * LANES)
    u = take_weights(site, features, channels)
    site.prepare(winograd.prepare, weights, u, features, channels, scale, factors, 0, block)
    sizes = (channels, features, (channels, 1))
    site.forward_parts(_slides(site, (site.x, u, bias, site.y), (rows, columns), *sizes, site.fused_relu))
    if site.dy is None:
        return
    gradients: Parts = []
    dx: Parts = []
    if (gradient := site.gradient("weights")) is not None:
        transposed = site.handed_on(site.shape.size * LANES)
        site.backward_parts(transpose_channels(site, transposed))
        gradients = _gradients(site, transposed, gradient, tile_table(rows, columns, channels, features), scale)
    if site.dx is not None:
        u = take_weights(site, channels, features)
        site.prepare(winograd.prepare, weights, u, features, channels, scale, 0, 1, block)
        back = (_transposed(rows), _transposed(columns))
        dx = _slides(site, (site.dy, u, 0, site.dx), back, features, channels, (1, LANES), False)
    site.backward_parts(site.program.together(gradients, gradient_of_bias(site), dx))


def _gradients(site: Site, transposed: Ref, gradient: Ref, tiles: np.ndarray, scale: float) -> list[list[Row]]:
    """Rows for the gradient of the weights, cut by features: each transforms all values, so they are few."""
    assert site.dy is not None
    channels, features, workers = site.shape.channels, site.output_shape.channels, site.program.workers
    at_once = max(1, min(len(tiles), AT_ONCE // (4 * POINTS * LANES * (channels + features + 2))))
    used = site.shape.size * LANES if workers == 1 else 0  # there, `transposed` lies before
    needed = POINTS * (LANES + product_stride(features, channels) + at_once * LANES * (channels + features + 2)) + 128
    workspace = Ref(site.program.take_scratch(used + needed).register, 4 * used)
    zeros, parts = np.zeros(max(channels, features) * LANES, np.float32), []
    cuts = site.shares(min(workers, features // FEWEST), _macs(tiles, channels, features))
    for number in range(len(cuts)):
        first, end = (features * n // len(cuts) for n in (number, number + 1))
        blocks = table(Block, feature_blocks(end - first))
        row = site.row(
            winograd.gradient_of_weights, transposed, site.dy.plus(first * LANES), gradient.plus(9 * first * channels),
            tiles, len(tiles), at_once, zeros, workspace, channels, end - first, blocks, len(blocks), widest_tile(),
            scale,
        )  # fmt: skip
        parts.append([row])
    return parts


def _macs(tiles: np.ndarray, channels: int, features: int) -> int:
    return len(tiles) * POINTS * channels * features


def _slides(
    site: Site, places: tuple[Ref, Ref, Argument, Ref], axes: tuple[Axis, Axis], channels: int, features: int,
    steps: tuple[int, int], fused_relu: bool,
) -> list[list[Row]]:  # fmt: skip
    """Rows of `slide`, cut by pairs of tiles; places: of what is read, weights, bias, and what is written.

    The axes may be those of the way back; steps: of weights, by feature of y and channel of x.
    """
    tiles = tile_table(*axes, channels, features)
    macs = _macs(tiles, channels, features)
    if len(tiles) % 2:
        tiles = np.concatenate([tiles, np.full_like(tiles[:1], -1)])
    blocks = [
        TransformedBlock(
            size, sixteen + first, sixteen // LANES * POINTS * product_stride(LANES, channels) + first * steps[0]
        )
        for sixteen in range(0, features, LANES)
        for size, first in feature_blocks(min(LANES, features - sixteen))
    ]
    most = max(block.features for block in blocks)
    workspace = site.program.take_scratch(128 + LANES * (POINTS + features + 2 * POINTS * (channels + 1 + most + 1)))
    zeros, pairs = np.zeros(channels * LANES, np.float32), site.shares(len(tiles) // 2, macs)
    # where weights are many or pairs few, workers share the features of each, though every one transforms its patches
    if site.program.workers > 1 and 4 * POINTS * channels * features > MANY_WEIGHTS:
        pairs = [range(len(tiles) // 2)]
    cuts = len(site.shares(min(len(blocks), -(-site.program.workers // len(pairs))), macs // len(pairs)))
    parts = []
    for pair in pairs:
        own = tiles[2 * pair.start : 2 * pair.stop]
        for number in range(cuts):
            some = table(TransformedBlock, blocks[len(blocks) * number // cuts : len(blocks) * (number + 1) // cuts])
            row = site.row(
                winograd.forward, *places, own, len(own), zeros, workspace, channels, some, len(some), features, *steps,
                widest_tile(), fused_relu,
            )  # fmt: skip
            parts.append([row])
    return parts


def take_weights(site: Site, features: int, channels: int) -> Ref:
    """Room for transformed weights, by feature of what is written and channel of what is read."""
    return site.program.take_shared(-(-features // LANES) * POINTS * product_stride(LANES, channels))


def _transposed(axis: Axis) -> Axis:
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
