"""Convolutions of 3 × 3 by Winograd's minimal filtering F(4 × 4, 3 × 3): a quarter of the multiplications.

Sixteen outputs, 4 × 4, need 36 products of a transformed patch of 6 × 6 with the transformed weights, where a window
for each would need 144; over channels, each of the 36 is a matrix product of its own. With the names of Lavin and Gray
2016, arXiv 1509.09308: Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A, and for the gradient of the weights its transpose,
dg = Gᵀ[(A dY Aᵀ) ⊙ (Bᵀ d B)]G. The points are not the usual 0, ±1, ±2, ∞ but 0, ±1/√2, ±√2, ∞: rounding errors are five
times smaller, about those of the plain sum.

A patch is known by where its pixels lie; those beside the picture lie on zeros.
"""

from __future__ import annotations

from xonet.kernels import fma, helper, load, load_i64, maximum, splat, store, store_i64

TILE, PATCH = 4, 6
"""Rows and columns of outputs that are computed together, and of the inputs that they see."""
NEAR, FAR = 0.5**0.5, 2**0.5
"""The points, beside 0 and ∞, and their negatives."""
POINTS, PLACES = PATCH * PATCH, TILE * TILE
"""Products of a tile, and its outputs."""
TILE_SIZE = POINTS + PLACES
"""Numbers of a tile in a table of tiles: where the pixels of its patch lie, then its own."""


@helper
def product_stride(features, channels):
    """From product to product, values of a matrix: not a power of two apart, which caches cannot hold side by side."""
    return features * channels + 16


@helper
def input_transform(a, b, c, d, e, f):
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
def gradient_transform(a, b, c, d):
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
def output_transform(a, b, c, d, e, f):
    """Aᵀ times a column of six."""
    near, nearer, far, farther = b + c, (b - c) * NEAR, d + e, (d - e) * FAR
    return (
        a + near + far,
        nearer + farther,
        fma(near, splat(0.5), far * 2.0),
        fma(nearer, splat(0.5), fma(farther, splat(2.0), f)),
    )


@helper
def filter_transform(a, b, c):
    """G times a column of three."""
    near, far = fma(c, splat(0.5), a) * (-2 / 3), fma(c, splat(2.0), a) * (1 / 6)
    nearer, farther = b * (-2 / 3 * NEAR), b * (1 / 6 * FAR)
    return a, near + nearer, near - nearer, far + farther, far - farther, c


@helper
def filter_gradient_transform(a, b, c, d, e, f):
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
        place = load_i64(places, n)
        store_i64(pointers, n, origin + place if place >= 0 else elsewhere)


@helper
def transform_patch(pointers, n, block, y, y_point):
    """Bᵀ d B of sixteen number `n` of a patch; y_point: bytes from product to product."""
    for j in range(PATCH):
        six = input_transform(
            load(load_i64(pointers, j), n), load(load_i64(pointers, 6 + j), n), load(load_i64(pointers, 12 + j), n),
            load(load_i64(pointers, 18 + j), n), load(load_i64(pointers, 24 + j), n),
            load(load_i64(pointers, 30 + j), n),
        )  # fmt: skip
        put_column(block, j, six)
    for i in range(PATCH):
        six = input_transform(
            load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2),
            load(block, 6 * i + 3), load(block, 6 * i + 4), load(block, 6 * i + 5),
        )  # fmt: skip
        put_row(y + 6 * i * y_point, y_point, n, six)


@helper
def transform_gradient(pointers, n, block, y, y_point):
    """A dY Aᵀ of sixteen number `n` of a tile."""
    for j in range(TILE):
        six = gradient_transform(
            load(load_i64(pointers, j), n), load(load_i64(pointers, 4 + j), n),
            load(load_i64(pointers, 8 + j), n), load(load_i64(pointers, 12 + j), n),
        )  # fmt: skip
        put_column(block, j, six)
    for i in range(PATCH):
        six = gradient_transform(
            load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2), load(block, 6 * i + 3)
        )
        put_row(y + 6 * i * y_point, y_point, n, six)


@helper
def put_column(block, j, six):
    """Six values to a column of a block."""
    a, b, c, d, e, f = six
    store(block, j, a)
    store(block, 6 + j, b)
    store(block, 12 + j, c)
    store(block, 18 + j, d)
    store(block, 24 + j, e)
    store(block, 30 + j, f)


@helper
def put_row(y, y_point, n, six):
    """Six values to as many products, `y_point` bytes apart."""
    a, b, c, d, e, f = six
    store(y, n, a)
    store(y + y_point, n, b)
    store(y + 2 * y_point, n, c)
    store(y + 3 * y_point, n, d)
    store(y + 4 * y_point, n, e)
    store(y + 5 * y_point, n, f)


@helper
def collect_tile(sums, point, r, block, pointers, n, shift, least):
    """Aᵀ M A of one feature's products, to sixteen number `n` at each of sixteen addresses."""
    for j in range(PATCH):
        a, b, c, d = output_transform(
            load(sums + j * point, r), load(sums + (6 + j) * point, r), load(sums + (12 + j) * point, r),
            load(sums + (18 + j) * point, r), load(sums + (24 + j) * point, r), load(sums + (30 + j) * point, r),
        )  # fmt: skip
        store(block, j, a)
        store(block, 6 + j, b)
        store(block, 12 + j, c)
        store(block, 18 + j, d)
    for i in range(TILE):
        a, b, c, d = output_transform(
            load(block, 6 * i), load(block, 6 * i + 1), load(block, 6 * i + 2),
            load(block, 6 * i + 3), load(block, 6 * i + 4), load(block, 6 * i + 5),
        )  # fmt: skip
        store(load_i64(pointers, 4 * i), n, maximum(a + shift, least))
        store(load_i64(pointers, 4 * i + 1), n, maximum(b + shift, least))
        store(load_i64(pointers, 4 * i + 2), n, maximum(c + shift, least))
        store(load_i64(pointers, 4 * i + 3), n, maximum(d + shift, least))


@helper
def collect_filter_gradient(u, point, n, block, scale):
    """Gᵀ U G of sixteen number `n`, to the nine first places of a block."""
    for j in range(PATCH):
        a, b, c = filter_gradient_transform(
            load(u + j * point, n), load(u + (6 + j) * point, n), load(u + (12 + j) * point, n),
            load(u + (18 + j) * point, n), load(u + (24 + j) * point, n), load(u + (30 + j) * point, n),
        )  # fmt: skip
        store(block, 9 + j, a)
        store(block, 15 + j, b)
        store(block, 21 + j, c)
    for i in range(3):
        a, b, c = filter_gradient_transform(
            load(block, 9 + 6 * i), load(block, 10 + 6 * i), load(block, 11 + 6 * i),
            load(block, 12 + 6 * i), load(block, 13 + 6 * i), load(block, 14 + 6 * i),
        )  # fmt: skip
        store(block, 3 * i, a * scale)
        store(block, 3 * i + 1, b * scale)
        store(block, 3 * i + 2, c * scale)
