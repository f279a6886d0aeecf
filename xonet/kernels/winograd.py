"""Kernels of 3 × 3 convolutions by Winograd's minimal filtering: see `winograd_transforms`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import (
    ACCUMULATE,
    batch_tile,
    bits_to_f32,
    kernel,
    load,
    load_i64,
    load_scalar,
    splat,
    store,
    tile,
)
from xonet.kernels.tables import BLOCK, TRANSFORMED_BLOCK
from xonet.kernels.winograd_transforms import (
    PATCH,
    PLACES,
    POINTS,
    TILE_SIZE,
    aim,
    collect_filter_gradient,
    collect_tile,
    filter_transform,
    product_stride,
    put_column,
    put_row,
    transform_gradient,
    transform_patch,
)


@kernel
def prepare(w, u, features, channels, scale, factors, rotated, block):
    """G g Gᵀ of weights (features, 3, 3, channels), times each feature's factor. Channels come in sixteens.

    To u [sixteen features][product][feature][channel], matrices `product_stride` apart; or `rotated`, back to front, as
    the gradient of the input sees them: [sixteen channels][product][feature][channel].
    """
    sixteens = channels // 16
    first, step = (8 * sixteens, -sixteens) if rotated != 0 else (0, sixteens)
    point = 4 * product_stride(16, features if rotated != 0 else channels)
    for k in range(features):
        factor = splat(bits_to_f32(scale) * load_scalar(factors, k) if factors != 0 else bits_to_f32(scale))
        x = w + 36 * k * channels
        for n in range(sixteens):
            y = (
                n * POINTS * point + 64 * k
                if rotated != 0
                else k // 16 * POINTS * point + k % 16 * 4 * channels + 64 * n
            )
            for j in range(3):
                top = first + n + j * step
                put_column(block, j, filter_transform(load(x, top), load(x, top + 3 * step), load(x, top + 6 * step)))
            for i in range(PATCH):
                a, b, c = load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2)
                put_row(u + y + 6 * i * point, point, 0, filter_transform(a * factor, b * factor, c * factor))


@kernel
def forward(
    x, u, bias, y, tiles, count, zeros, workspace, channels, blocks, block_count, width, feature_step, channel_step,
    pixels, fused_relu,
):  # fmt: skip
    """One group's convolution, two tiles at a time.

    tiles: the places of a patch's 36 pixels in x and of a tile's 16 in y, in bytes, negative beside the picture.
    blocks: see `TransformedBlock`. u: weights in `prepare`'s order, features of y and
    channels of x `feature_step` and `channel_step` values apart. workspace: for pointers, a block of a patch,
    values that nobody wants (`width` sixteens), transformed patches and products.
    """
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    pointers, block = workspace, workspace + 512
    waste = block + 64 * POINTS
    values = waste + 64 * width
    patch_stride = 16 * (channels + 1)
    sums = values + 4 * POINTS * 2 * patch_stride
    for first in range(0, count, 2):
        for p in range(2):
            aim(tiles + 8 * TILE_SIZE * (first + p), POINTS, x, zeros, pointers)
            for n in range(channels):
                transform_patch(pointers, n, block, values + 4 * p * patch_stride, 8 * patch_stride)
        for number in range(block_count):
            own = blocks + 8 * TRANSFORMED_BLOCK.SIZE * number
            rows, feature = load_i64(own, TRANSFORMED_BLOCK.FEATURES), load_i64(own, TRANSFORMED_BLOCK.FIRST)
            weights, sums_stride = u + 4 * load_i64(own, TRANSFORMED_BLOCK.WEIGHTS), 16 * (rows + 1)
            for p in range(0, 2, pixels):
                batch_tile(
                    rows, pixels, weights, feature_step, channel_step, product_stride(16, channels),
                    values + 4 * p * patch_stride, patch_stride, 2 * patch_stride, channels,
                    sums + 4 * p * sums_stride, sums_stride, 2 * sums_stride, POINTS,
                )  # fmt: skip
            for p in range(2):
                tile_of_y = tiles + 8 * (TILE_SIZE * (first + p) + POINTS)
                aim(tile_of_y, PLACES, y, waste, pointers)
                for r in range(rows):
                    shift = splat(load_scalar(bias, feature + r) if bias != 0 else 0.0)
                    collect_tile(
                        sums + 4 * p * sums_stride, 8 * sums_stride, r, block, pointers, feature + r, shift, least
                    )


@kernel
def gradient_of_weights(
    transposed, g, dw, tiles, count, at_once, zeros, workspace, channels, features, blocks, block_count, pixels, scale
):
    """Adds one group's gradient to dw (features, 3, 3, channels); `at_once` tiles are transformed before multiplying.

    `transposed` are values with channels beside each other, [pixel][16 lanes][channel]; g are gradients of the output.
    Products are summed over tiles and lanes.
    """
    pointers, block = workspace, workspace + 512
    u = block + 64 * POINTS
    patch_stride, sums_stride = 16 * (channels + 1), 16 * (features + 1)
    u_point = product_stride(features, channels)
    values = u + 4 * POINTS * u_point
    gradients = values + 4 * POINTS * at_once * patch_stride
    for first in range(0, count, at_once):
        some = min(at_once, count - first)
        for t in range(some):
            places = tiles + 8 * TILE_SIZE * (first + t)
            aim(places, POINTS, transposed, zeros, pointers)
            for n in range(channels):
                transform_patch(pointers, n, block, values + 4 * t * patch_stride, 4 * at_once * patch_stride)
            aim(places + 8 * POINTS, PLACES, g, zeros, pointers)
            for n in range(features):
                transform_gradient(pointers, n, block, gradients + 4 * t * sums_stride, 4 * at_once * sums_stride)
        for point in range(POINTS):
            v, m = values + 4 * point * at_once * patch_stride, gradients + 4 * point * at_once * sums_stride
            for number in range(block_count):
                rows, feature = (
                    load_i64(blocks, BLOCK.SIZE * number + BLOCK.FEATURES),
                    load_i64(blocks, BLOCK.SIZE * number + BLOCK.FIRST),
                )
                for channel in range(0, channels, 16 * pixels):
                    tile(
                        rows, min(pixels, (channels - channel) // 16), 1.0, ACCUMULATE if first > 0 else 0,
                        m + 64 * feature, 16, 1, 0, sums_stride,
                        v + 4 * channel, 16, channels, 0, patch_stride,
                        1, some, 16, 0,
                        u + 4 * (point * u_point + feature * channels + channel), channels, 16, 16,
                    )  # fmt: skip
    for k in range(features):
        for n in range(channels // 16):
            collect_filter_gradient(u + 4 * k * channels, 4 * u_point, n, block, splat(bits_to_f32(scale)))
            for i in range(9):
                place = 9 * k * (channels // 16) + i * (channels // 16) + n
                store(dw, place, load(dw, place) + load(block, i))
