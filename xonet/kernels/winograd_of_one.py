"""Convolutions of 3 × 3 with a quarter of the multiplications, for one picture: see `winograd`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, at, feature_tile, helper, kernel, load, long_at, put, splat
from xonet.kernels.tables import TRANSFORMED_BLOCK
from xonet.kernels.winograd_transforms import (
    PATCH,
    PLACES,
    POINTS,
    TILE_SIZE,
    aim,
    gather_tile,
    put_column,
    put_row,
    spread_weights,
    transform_values,
)


@helper
def apart(sixteens, channels):
    """From product to product, values of a block's weights: not a power of two."""
    return LANES * (sixteens * channels + 1)


@kernel
def prepare(w, u, features, channels, factors, blocks, block_count, block):
    """G g Gᵀ of weights (features, 3, 3, channels), times each feature's factor, in the order of tiles.

    blocks: see `TransformedBlock`; in u, [product][channel][feature].
    """
    for number in range(block_count):
        own = TRANSFORMED_BLOCK.SIZE * number
        sixteens = long_at(blocks, own + TRANSFORMED_BLOCK.FEATURES)
        first, place = long_at(blocks, own + TRANSFORMED_BLOCK.FIRST), long_at(blocks, own + TRANSFORMED_BLOCK.WEIGHTS)
        point, y = 4 * apart(sixteens, channels), u + 4 * place
        for n in range(channels * sixteens):
            channel, feature = n // sixteens, first + n % sixteens * LANES
            for tap in range(9):
                for lane in range(LANES):
                    f = feature + lane
                    value = at(w, (9 * f + tap) * channels + channel) * at(factors, f) if f < features else 0.0
                    put(block, LANES * (POINTS + tap) + lane, value)
            taps = block + 64 * POINTS
            for j in range(3):
                put_column(block, j, spread_weights(load(taps, j), load(taps, 3 + j), load(taps, 6 + j)))
            for i in range(PATCH):
                a, b, c = load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2)
                put_row(y + 6 * i * point, point, n, spread_weights(a, b, c))


@kernel
def slide(
    x, u, bias, y, tiles, stretches, stretch_count, most, zeros, room, channels, features, blocks, block_count, rectify
):
    """One picture's convolution, or the features of some blocks.

    tiles: as `winograd.slide` has them. stretches: how many tiles are transformed, multiplied and put together at once;
    `most` is the largest. channels and features: sixteens of a pixel of x, and of y. blocks: as `prepare` has them.
    room: for pointers, a block of a patch, values that nobody wants, transformed patches and products.
    """
    least = splat(0.0 if rectify != 0 else -np.inf)
    pointers, block = room, room + 512
    waste = block + 64 * POINTS
    values = waste + 64 * features
    pitch, across = LANES * (channels + 1), LANES * (features + 1)
    sums = values + 4 * POINTS * most * pitch
    last = blocks + 8 * TRANSFORMED_BLOCK.SIZE * (block_count - 1)
    begin = long_at(blocks, TRANSFORMED_BLOCK.FIRST) // LANES
    end = long_at(last, TRANSFORMED_BLOCK.FIRST) // LANES + long_at(last, TRANSFORMED_BLOCK.FEATURES)
    for s in range(stretch_count):
        count = long_at(stretches, s)
        for t in range(count):
            aim(tiles + 8 * TILE_SIZE * t, POINTS, x, zeros, pointers)
            for n in range(channels):
                transform_values(pointers, n, block, values + 4 * t * pitch, 4 * count * pitch)
        for number in range(block_count):
            own = blocks + 8 * TRANSFORMED_BLOCK.SIZE * number
            sixteens, feature = long_at(own, TRANSFORMED_BLOCK.FEATURES), long_at(own, TRANSFORMED_BLOCK.FIRST)
            weights = u + 4 * long_at(own, TRANSFORMED_BLOCK.WEIGHTS)
            for point in range(POINTS):
                feature_tile(
                    count, sixteens, 0,
                    values + 4 * point * count * pitch, pitch, 0, 0,
                    weights + 4 * point * apart(sixteens, LANES * channels), 0, 0,
                    1, 1, LANES * channels,
                    zeros, sums + 4 * (point * count * across + feature), across, 1, 1, 0, 0,
                )  # fmt: skip
        for t in range(count):
            aim(tiles + 8 * (TILE_SIZE * t + POINTS), PLACES, y, waste, pointers)
            for n in range(begin, end):
                gather_tile(sums + 4 * t * across, 4 * count * across, n, block, pointers, n, load(bias, n), least)
        tiles += 8 * TILE_SIZE * count
