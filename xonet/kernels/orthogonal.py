"""Kernels of `muon`: the momentum of a weight matrix, and the iteration that makes it nearly orthogonal.

Matrices lie row by row, each row filled up with zeros to whole vectors of sixteen, and rows to whole blocks. Each sum
is made by one row of the program, in one order.
"""

from __future__ import annotations

from xonet.kernels import (
    LANES,
    bits_to_f32,
    fma,
    helper,
    kernel,
    load,
    load_first,
    load_scalar,
    maximum,
    reduce_add,
    splat,
    sqrt,
    store,
    store_scalar,
)  # fmt: skip
from xonet.kernels.stepping import gathered, rate_of, sum_of_parts

BLOCK = 4
"""Rows, and columns or vectors of columns, whose sums stay in registers while they grow."""


@kernel
def momentum(gradients, stride, slots, means, count, kept, nesterov, update, sums, part):
    """`count` sixteens of the mean gradient, of the step's direction, and the sum of its squares."""
    k, squares = bits_to_f32(kept), splat(0.0)
    for i in range(count):
        gradient = gathered(gradients, stride, slots, i)
        mean = load(means, i) * k + gradient * (1.0 - k)
        store(means, i, mean)
        if nesterov != 0:
            mean = mean * k + gradient * (1.0 - k)
        store(update, i, mean)
        squares = fma(mean, mean, squares)
    store_scalar(sums, part, reduce_add(squares))


@kernel
def lay_out(update, x, rows, columns, transposed, sums, parts, epsilon, first, end):
    """Rows `first` to `end` of the matrix that is iterated, its squares' sum 1; what is padded becomes zero."""
    size = sqrt(splat(sum_of_parts(sums, 0, parts)))
    scale = 1.0 / maximum(size, splat(bits_to_f32(epsilon)))
    vectors = (columns + LANES - 1) // LANES
    for row in range(first, end):
        own = x + 4 * LANES * vectors * row
        for i in range(vectors):
            count = min(LANES, columns - LANES * i)
            if row >= rows:
                store(own, i, splat(0.0))
            elif transposed == 0:
                store(own, i, load_first(update, row * columns + LANES * i, count) * scale)
            else:
                store(own, i, splat(0.0))
                for n in range(count):
                    store_scalar(own, LANES * i + n, load_scalar(update, (LANES * i + n) * rows + row))
                store(own, i, load(own, i) * scale)


@helper
def load_four(x, index, stride):
    """Four vectors, `stride` vectors apart."""
    return load(x, index), load(x, index + stride), load(x, index + 2 * stride), load(x, index + 3 * stride)


@helper
def fma_four(a, b, sums):
    """A times each of four, added to four sums."""
    return fma(a, b[0], sums[0]), fma(a, b[1], sums[1]), fma(a, b[2], sums[2]), fma(a, b[3], sums[3])


@helper
def zeros_four():
    """Where sums begin."""
    return splat(0.0), splat(0.0), splat(0.0), splat(0.0)


@helper
def store_symmetric(x, y, stride, row, column, own, scale, sums):
    """Four values of a row of own · x + scale · sums, each in both its places."""
    for n in range(BLOCK):
        value = reduce_add(sums[n]) * bits_to_f32(scale)
        if own != 0:
            value += load_scalar(x, row * stride + column + n) * bits_to_f32(own)
        store_scalar(y, row * stride + column + n, value)
        store_scalar(y, (column + n) * stride + row, value)


@kernel
def products(x, vectors, rows, first, end, y, own, scale):
    """Y = own · x + scale · x xᵀ, rows `first` to `end` and as many columns; with `own` not 0, x is symmetric.

    Both sides of the diagonal are written by who has the row above it.
    """
    stride = (rows + LANES - 1) // LANES * LANES
    for i in range(first, end, BLOCK):
        for row in range(i, i + BLOCK):
            for column in range(rows, stride):
                store_scalar(y, row * stride + column, 0.0)
        for j in range(i, rows, BLOCK):
            s0, s1, s2, s3 = zeros_four(), zeros_four(), zeros_four(), zeros_four()
            for k in range(vectors):
                b = load_four(x, j * vectors + k, vectors)
                s0 = fma_four(load(x, i * vectors + k), b, s0)
                s1 = fma_four(load(x, (i + 1) * vectors + k), b, s1)
                s2 = fma_four(load(x, (i + 2) * vectors + k), b, s2)
                s3 = fma_four(load(x, (i + 3) * vectors + k), b, s3)
            store_symmetric(x, y, stride, i, j, own, scale, s0)
            store_symmetric(x, y, stride, i + 1, j, own, scale, s1)
            store_symmetric(x, y, stride, i + 2, j, own, scale, s2)
            store_symmetric(x, y, stride, i + 3, j, own, scale, s3)


@helper
def store_sums(x, y, index, own, sums):
    """Four vectors of own · x + sums."""
    for n in range(BLOCK):
        store(y, index + n, load(x, index + n) * own + sums[n])


@kernel
def combine(b, x, y, rows, vectors, first, end, own):
    """Y = own · x + b x, vectors `first` to `end` of each row; b is (rows, rows rounded up to vectors)."""
    stride, scale = (rows + LANES - 1) // LANES * LANES, bits_to_f32(own)
    whole = first + (end - first) // BLOCK * BLOCK
    for j in range(first, whole, BLOCK):  # these columns stay in the cache
        for i in range(0, rows, BLOCK):
            b0 = b + 4 * stride * i
            b1, b2, b3 = b0 + 4 * stride, b0 + 8 * stride, b0 + 12 * stride
            s0, s1, s2, s3 = zeros_four(), zeros_four(), zeros_four(), zeros_four()
            for k in range(rows):
                value = load_four(x, k * vectors + j, 1)
                s0 = fma_four(splat(load_scalar(b0, k)), value, s0)
                s1 = fma_four(splat(load_scalar(b1, k)), value, s1)
                s2 = fma_four(splat(load_scalar(b2, k)), value, s2)
                s3 = fma_four(splat(load_scalar(b3, k)), value, s3)
            store_sums(x, y, i * vectors + j, scale, s0)
            store_sums(x, y, (i + 1) * vectors + j, scale, s1)
            store_sums(x, y, (i + 2) * vectors + j, scale, s2)
            store_sums(x, y, (i + 3) * vectors + j, scale, s3)
    for j in range(whole, end):
        for i in range(rows):
            own_row = b + 4 * stride * i
            total = load(x, i * vectors + j) * scale
            for k in range(rows):
                total = fma(splat(load_scalar(own_row, k)), load(x, k * vectors + j), total)
            store(y, i * vectors + j, total)


@kernel
def apply(parameters, x, columns, vectors, transposed, rate, factor, ratio, decay, first, end):
    """Rows `first` to `end` of the weights, (rows, columns) one behind the other."""
    learning_rate = rate_of(rate, factor)
    kept, length = 1.0 - learning_rate * bits_to_f32(decay), learning_rate * bits_to_f32(ratio)
    for row in range(first, end):
        done = 0
        if transposed == 0:
            done = columns // LANES
            for i in range(done):
                place = parameters + 4 * (row * columns + LANES * i)
                store(place, 0, load(place, 0) * kept - load(x, row * vectors + i) * length)
        for n in range(LANES * done, columns):
            place = row * columns + n
            across = n * LANES * vectors + row if transposed != 0 else row * LANES * vectors + n
            store_scalar(parameters, place, load_scalar(parameters, place) * kept - load_scalar(x, across) * length)
