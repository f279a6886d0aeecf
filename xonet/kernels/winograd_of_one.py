"""Convolutions of 3 × 3 with a quarter of the multiplications, for one picture: see `winograd`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, feature_tile, helper, kernel, load, load_i64, load_scalar, splat, store_scalar
from xonet.kernels.tables import TRANSFORMED_BLOCK
from xonet.kernels.winograd_transforms import (
    PATCH,
    PLACES,
    POINTS,
    TILE_SIZE,
    aim,
    collect_tile,
    filter_transform,
    put_column,
    put_row,
    transform_patch,
)


@helper
def product_stride(sixteens, channels):
    """From product to product, values of a block's weights: not a power of two."""
    return LANES * (sixteens * channels + 1)


@kernel
def prepare(w, u, features, channels, factors, blocks, block_count, block):
    """G g Gᵀ of weights (features, 3, 3, channels), times each feature's factor, in the order of tiles.

    blocks: see `TransformedBlock`; in u, [product][channel][feature].
    """
    for number in range(block_count):
        own = TRANSFORMED_BLOCK.SIZE * number
        sixteens = load_i64(blocks, own + TRANSFORMED_BLOCK.FEATURES)
        first, place = (
            load_i64(blocks, own + TRANSFORMED_BLOCK.FIRST),
            load_i64(blocks, own + TRANSFORMED_BLOCK.WEIGHTS),
        )
        point, y = 4 * product_stride(sixteens, channels), u + 4 * place
        for n in range(channels * sixteens):
            channel, feature = n // sixteens, first + n % sixteens * LANES
            for tap in range(9):
                for lane in range(LANES):
                    f = feature + lane
                    value = (
                        load_scalar(w, (9 * f + tap) * channels + channel) * load_scalar(factors, f)
                        if f < features
                        else 0.0
                    )
                    store_scalar(block, LANES * (POINTS + tap) + lane, value)
            taps = block + 64 * POINTS
            for j in range(3):
                put_column(block, j, filter_transform(load(taps, j), load(taps, 3 + j), load(taps, 6 + j)))
            for i in range(PATCH):
                a, b, c = load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2)
                put_row(y + 6 * i * point, point, n, filter_transform(a, b, c))


@kernel
def forward(
    x,
    u,
    bias,
    y,
    tiles,
    stretches,
    stretch_count,
    most,
    zeros,
    workspace,
    channels,
    features,
    blocks,
    block_count,
    fused_relu,
):
    """One picture's convolution, or the features of some blocks.

    tiles: as `winograd.forward` has them. stretches: how many tiles are transformed, multiplied and put together at
    once; `most` is the largest. channels and features: sixteens of a pixel of x, and of y. blocks: as `prepare` has
    them.
    workspace: for pointers, a block of a patch, values that nobody wants, transformed patches and products.
    """
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    pointers, block = workspace, workspace + 512
    waste = block + 64 * POINTS
    values = waste + 64 * features
    patch_stride, sums_stride = LANES * (channels + 1), LANES * (features + 1)
    sums = values + 4 * POINTS * most * patch_stride
    last = blocks + 8 * TRANSFORMED_BLOCK.SIZE * (block_count - 1)
    begin = load_i64(blocks, TRANSFORMED_BLOCK.FIRST) // LANES
    end = load_i64(last, TRANSFORMED_BLOCK.FIRST) // LANES + load_i64(last, TRANSFORMED_BLOCK.FEATURES)
    for s in range(stretch_count):
        count = load_i64(stretches, s)
        for t in range(count):
            aim(tiles + 8 * TILE_SIZE * t, POINTS, x, zeros, pointers)
            for n in range(channels):
                transform_patch(pointers, n, block, values + 4 * t * patch_stride, 4 * count * patch_stride)
        for number in range(block_count):
            own = blocks + 8 * TRANSFORMED_BLOCK.SIZE * number
            sixteens, feature = load_i64(own, TRANSFORMED_BLOCK.FEATURES), load_i64(own, TRANSFORMED_BLOCK.FIRST)
            weights = u + 4 * load_i64(own, TRANSFORMED_BLOCK.WEIGHTS)
            for point in range(POINTS):
                feature_tile(
                    count, sixteens, 0,
                    values + 4 * point * count * patch_stride, patch_stride, 0, 0,
                    weights + 4 * point * product_stride(sixteens, LANES * channels), 0, 0,
                    1, 1, LANES * channels,
                    zeros, sums + 4 * (point * count * sums_stride + feature), sums_stride, 1, 1, 0, 0,
                )  # fmt: skip
        for t in range(count):
            aim(tiles + 8 * (TILE_SIZE * t + POINTS), PLACES, y, waste, pointers)
            for n in range(begin, end):
                collect_tile(
                    sums + 4 * t * sums_stride, 4 * count * sums_stride, n, block, pointers, n, load(bias, n), least
                )
        tiles += 8 * TILE_SIZE * count
