"""Convolutions of 3 × 3 by Winograd's minimal filtering F(4 × 4, 3 × 3): a quarter of the multiplications.

Sixteen outputs, 4 × 4, need 36 products of a transformed patch of 6 × 6 with the transformed weights, where a window
for each would need 144; over channels, each of the 36 is a matrix product of its own. With the names of Lavin and Gray
2016, arXiv 1509.09308: Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A, and for the gradient of the weights its transpose,
dg = Gᵀ[(A dY Aᵀ) ⊙ (Bᵀ d B)]G. The points are not the usual 0, ±1, ±2, ∞ but 0, ±1/√2, ±√2, ∞: rounding errors are five
times smaller, about those of the plain sum.

A patch is known by where its pixels lie; those beside the picture lie on zeros.
"""

from __future__ import annotations

import numpy as np

from xonet.kernels import (
    ACCUMULATE,
    at,
    batch_tile,
    fma,
    helper,
    kernel,
    larger,
    load,
    long_at,
    put_long,
    real,
    splat,
    store,
    tile,
)

TILE, PATCH = 4, 6
"""Rows and columns of outputs that are computed together, and of the inputs that they see."""
NEAR, FAR = 0.5**0.5, 2**0.5
"""The points, beside 0 and ∞, and their negatives."""
POINTS, PLACES = PATCH * PATCH, TILE * TILE
"""Products of a tile, and its outputs."""


@helper
def apart(features, channels):
    """From product to product, values of a matrix: not a power of two apart, which caches cannot hold side by side."""
    return features * channels + 16


@helper
def spread_values(a, b, c, d, e, f):
    """Bᵀ times a column of six."""
    near, far = fma(b, splat(-2.0), d), fma(b, splat(-0.5), d)
    even, evener = fma(c, splat(-2.0), e), fma(c, splat(-0.5), e)
    return (
        fma(c, splat(-2.5), a + e),
        fma(near, splat(NEAR), even),
        fma(near, splat(-NEAR), even),
        fma(far, splat(FAR), evener),
        fma(far, splat(-FAR), evener),
        fma(d, splat(-2.5), b + f),
    )


@helper
def spread_gradient(a, b, c, d):
    """A times a column of four."""
    near, far = fma(d, splat(0.5), b), fma(d, splat(2.0), b)
    even, evener = fma(c, splat(0.5), a), fma(c, splat(2.0), a)
    return (
        a,
        fma(near, splat(NEAR), even),
        fma(near, splat(-NEAR), even),
        fma(far, splat(FAR), evener),
        fma(far, splat(-FAR), evener),
        d,
    )


@helper
def gather_values(a, b, c, d, e, f):
    """Aᵀ times a column of six."""
    near, nearer, far, farther = b + c, (b - c) * NEAR, d + e, (d - e) * FAR
    return (
        a + near + far,
        nearer + farther,
        fma(near, splat(0.5), far * 2.0),
        fma(nearer, splat(0.5), fma(farther, splat(2.0), f)),
    )


@helper
def spread_weights(a, b, c):
    """G times a column of three."""
    near, far = fma(c, splat(0.5), a) * (-2 / 3), fma(c, splat(2.0), a) * (1 / 6)
    nearer, farther = b * (-2 / 3 * NEAR), b * (1 / 6 * FAR)
    return a, near + nearer, near - nearer, far + farther, far - farther, c


@helper
def gather_weights(a, b, c, d, e, f):
    """Gᵀ times a column of six."""
    near, far = b + c, d + e
    return (
        fma(near, splat(-2 / 3), fma(far, splat(1 / 6), a)),
        fma(b - c, splat(-2 / 3 * NEAR), (d - e) * (1 / 6 * FAR)),
        fma(near, splat(-1 / 3), fma(far, splat(1 / 3), f)),
    )


@helper
def aim(places, count, origin, elsewhere, pointers):
    """Addresses of a tile's pixels: `places` are in bytes from `origin`, or negative where there is no pixel."""
    for n in range(count):
        place = long_at(places, n)
        put_long(pointers, n, origin + place if place >= 0 else elsewhere)


@helper
def transform_values(pointers, n, block, y, y_point):
    """Bᵀ d B of sixteen number `n` of a patch; y_point: bytes from product to product."""
    for j in range(PATCH):
        a, b, c, d, e, f = spread_values(
            load(long_at(pointers, j), n), load(long_at(pointers, 6 + j), n), load(long_at(pointers, 12 + j), n),
            load(long_at(pointers, 18 + j), n), load(long_at(pointers, 24 + j), n), load(long_at(pointers, 30 + j), n),
        )  # fmt: skip
        put_column(block, j, a, b, c, d, e, f)
    for i in range(PATCH):
        a, b, c, d, e, f = spread_values(
            load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2),
            load(block, 6 * i + 3), load(block, 6 * i + 4), load(block, 6 * i + 5),
        )  # fmt: skip
        put_row(y + 6 * i * y_point, y_point, n, a, b, c, d, e, f)


@helper
def transform_gradient(pointers, n, block, y, y_point):
    """A dY Aᵀ of sixteen number `n` of a tile."""
    for j in range(TILE):
        a, b, c, d, e, f = spread_gradient(
            load(long_at(pointers, j), n), load(long_at(pointers, 4 + j), n),
            load(long_at(pointers, 8 + j), n), load(long_at(pointers, 12 + j), n),
        )  # fmt: skip
        put_column(block, j, a, b, c, d, e, f)
    for i in range(PATCH):
        a, b, c, d, e, f = spread_gradient(
            load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2), load(block, 6 * i + 3)
        )
        put_row(y + 6 * i * y_point, y_point, n, a, b, c, d, e, f)


@helper
def put_column(block, j, a, b, c, d, e, f):
    """Six values to a column of a block."""
    store(block, j, a)
    store(block, 6 + j, b)
    store(block, 12 + j, c)
    store(block, 18 + j, d)
    store(block, 24 + j, e)
    store(block, 30 + j, f)


@helper
def put_row(y, y_point, n, a, b, c, d, e, f):
    """Six values to as many products, `y_point` bytes apart."""
    store(y, n, a)
    store(y + y_point, n, b)
    store(y + 2 * y_point, n, c)
    store(y + 3 * y_point, n, d)
    store(y + 4 * y_point, n, e)
    store(y + 5 * y_point, n, f)


@kernel
def prepare(w, u, features, channels, scale, factors, turned, block):
    """G g Gᵀ of weights (features, 3, 3, channels), times each feature's factor. Channels come in sixteens.

    To u [sixteen features][product][feature][channel], each product's matrix `apart` from the next; or `turned`, back
    to front, as the gradient of the input sees them: [sixteen channels][product][feature][channel].
    """
    sixteens = channels // 16
    first, step = (8 * sixteens, -sixteens) if turned != 0 else (0, sixteens)
    point = 4 * apart(16, features if turned != 0 else channels)
    for k in range(features):
        factor = splat(real(scale) * at(factors, k) if factors != 0 else real(scale))
        x = w + 36 * k * channels
        for n in range(sixteens):
            y = (
                n * POINTS * point + 64 * k
                if turned != 0
                else k // 16 * POINTS * point + k % 16 * 4 * channels + 64 * n
            )
            for j in range(3):
                top = first + n + j * step
                put_column(block, j, *spread_weights(load(x, top), load(x, top + 3 * step), load(x, top + 6 * step)))
            for i in range(PATCH):
                a, b, c = load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2)
                put_row(u + y + 6 * i * point, point, 0, *spread_weights(a * factor, b * factor, c * factor))


@kernel
def slide(
    x, u, bias, y, tiles, count, zeros, room, channels, blocks, block_count, width, feature_step, channel_step, pixels,
    rectify,
):  # fmt: skip
    """One group's convolution, two tiles at a time.

    tiles: the places of a patch's 36 pixels in x and of a tile's 16 in y, in bytes, negative beside the picture.
    blocks: (features, first feature, place in u), in values. u: weights in `prepare`'s order, features of y and
    channels of x `feature_step` and `channel_step` values apart. room: for pointers, a block of a patch, values that
    nobody wants (`width` sixteens), transformed patches and products.
    """
    least = splat(0.0 if rectify != 0 else -np.inf)
    pointers, block = room, room + 512
    waste = block + 64 * POINTS
    values = waste + 64 * width
    pitch = 16 * (channels + 1)
    sums = values + 4 * POINTS * 2 * pitch
    for first in range(0, count, 2):
        for p in range(2):
            aim(tiles + 8 * (POINTS + PLACES) * (first + p), POINTS, x, zeros, pointers)
            for n in range(channels):
                transform_values(pointers, n, block, values + 4 * p * pitch, 8 * pitch)
        for number in range(block_count):
            rows, feature = long_at(blocks, 3 * number), long_at(blocks, 3 * number + 1)
            weights, across = u + 4 * long_at(blocks, 3 * number + 2), 16 * (rows + 1)
            for p in range(0, 2, pixels):
                batch_tile(
                    rows, pixels, weights, feature_step, channel_step, apart(16, channels),
                    values + 4 * p * pitch, pitch, 2 * pitch, channels,
                    sums + 4 * p * across, across, 2 * across, POINTS,
                )  # fmt: skip
            for p in range(2):
                tile_of_y = tiles + 8 * ((POINTS + PLACES) * (first + p) + POINTS)
                aim(tile_of_y, PLACES, y, waste, pointers)
                for r in range(rows):
                    shift = splat(at(bias, feature + r) if bias != 0 else 0.0)
                    gather_tile(sums + 4 * p * across, 8 * across, r, block, pointers, feature + r, shift, least)


@helper
def gather_tile(sums, point, r, block, pointers, n, shift, least):
    """Aᵀ M A of one feature's products, to sixteen number `n` at each of sixteen addresses."""
    for j in range(PATCH):
        a, b, c, d = gather_values(
            load(sums + j * point, r), load(sums + (6 + j) * point, r), load(sums + (12 + j) * point, r),
            load(sums + (18 + j) * point, r), load(sums + (24 + j) * point, r), load(sums + (30 + j) * point, r),
        )  # fmt: skip
        store(block, j, a)
        store(block, 6 + j, b)
        store(block, 12 + j, c)
        store(block, 18 + j, d)
    for i in range(TILE):
        a, b, c, d = gather_values(
            load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2),
            load(block, 6 * i + 3), load(block, 6 * i + 4), load(block, 6 * i + 5),
        )  # fmt: skip
        store(long_at(pointers, 4 * i), n, larger(a + shift, least))
        store(long_at(pointers, 4 * i + 1), n, larger(b + shift, least))
        store(long_at(pointers, 4 * i + 2), n, larger(c + shift, least))
        store(long_at(pointers, 4 * i + 3), n, larger(d + shift, least))


@kernel
def gradient_of_weights(
    turned, g, dw, tiles, count, at_once, zeros, room, channels, features, blocks, block_count, pixels, scale
):
    """Adds one group's gradient to dw (features, 3, 3, channels); `at_once` tiles are transformed before multiplying.

    `turned` are values with channels beside each other, [pixel][16 lanes][channel]; g are gradients of the output as
    they are. Products are summed over tiles and lanes.
    """
    pointers, block = room, room + 512
    u = block + 64 * POINTS
    pitch, across = 16 * (channels + 1), 16 * (features + 1)
    u_point = apart(features, channels)
    values = u + 4 * POINTS * u_point
    gradients = values + 4 * POINTS * at_once * pitch
    for first in range(0, count, at_once):
        some = min(at_once, count - first)
        for t in range(some):
            places = tiles + 8 * (POINTS + PLACES) * (first + t)
            aim(places, POINTS, turned, zeros, pointers)
            for n in range(channels):
                transform_values(pointers, n, block, values + 4 * t * pitch, 4 * at_once * pitch)
            aim(places + 8 * POINTS, PLACES, g, zeros, pointers)
            for n in range(features):
                transform_gradient(pointers, n, block, gradients + 4 * t * across, 4 * at_once * across)
        for point in range(POINTS):
            v, m = values + 4 * point * at_once * pitch, gradients + 4 * point * at_once * across
            for number in range(block_count):
                rows, feature = long_at(blocks, 2 * number), long_at(blocks, 2 * number + 1)
                for channel in range(0, channels, 16 * pixels):
                    tile(
                        rows, min(pixels, (channels - channel) // 16), 1.0, ACCUMULATE if first > 0 else 0,
                        m + 64 * feature, 16, 1, 0, across,
                        v + 4 * channel, 16, channels, 0, pitch,
                        1, some, 16, 0,
                        u + 4 * (point * u_point + feature * channels + channel), channels, 16, 16,
                    )  # fmt: skip
    for k in range(features):
        for n in range(channels // 16):
            gather_gradient(u + 4 * k * channels, 4 * u_point, n, block, splat(real(scale)))
            for i in range(9):
                place = 9 * k * (channels // 16) + i * (channels // 16) + n
                store(dw, place, load(dw, place) + load(block, i))


@helper
def gather_gradient(u, point, n, block, scale):
    """Gᵀ U G of sixteen number `n`, to the nine first places of a block."""
    for j in range(PATCH):
        a, b, c = gather_weights(
            load(u + j * point, n), load(u + (6 + j) * point, n), load(u + (12 + j) * point, n),
            load(u + (18 + j) * point, n), load(u + (24 + j) * point, n), load(u + (30 + j) * point, n),
        )  # fmt: skip
        store(block, 9 + j, a)
        store(block, 15 + j, b)
        store(block, 21 + j, c)
    for i in range(3):
        a, b, c = gather_weights(
            load(block, 9 + 6 * i), load(block, 10 + 6 * i), load(block, 11 + 6 * i),
            load(block, 12 + 6 * i), load(block, 13 + 6 * i), load(block, 14 + 6 * i),
        )  # fmt: skip
        store(block, 3 * i, a * scale)
        store(block, 3 * i + 1, b * scale)
        store(block, 3 * i + 2, c * scale)
