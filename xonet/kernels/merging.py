"""Kernels of paths that merge: a product, in which one path may be spread over the others, and the largest of several.

A path has two strides: by how many values the numbers of two pixels lie apart, and those of two channels; 0 where it is
the same number.
"""

from __future__ import annotations

from xonet.kernels import LANES, fma, kernel, load, load_scalar, maximum, select, splat, store
from xonet.kernels.sliding import clear


@kernel
def multiply(a, a_pixel, a_channel, b, b_pixel, b_channel, y, y_pixel, pixels, channels):
    """Gives y = a · b."""
    for p in range(pixels):
        for c in range(channels):
            first = load(a, p * a_pixel + c * a_channel)
            store(y, p * y_pixel + c, first * load(b, p * b_pixel + c * b_channel))


@kernel
def multiply_by_scalars(a, a_pixel, b, b_pixel, y, pixels, channels):
    """The same for one picture, where b has one channel: its number is the first of a sixteen."""
    for p in range(pixels):
        factor = load_scalar(b, p * b_pixel * LANES)
        for c in range(channels):
            store(y, p * channels + c, load(a, p * a_pixel + c) * factor)


@kernel
def multiply_and_add(dy, dy_pixel, b, b_pixel, b_channel, dx, dx_pixel, dx_channel, pixels, channels):
    """The gradient of a path that was spread: the sum of dy · b over the places where each of its numbers was."""
    if dx_channel != 0:
        clear(dx, channels)
        for p in range(pixels):
            for c in range(channels):
                value = load(b, p * b_pixel + c * b_channel)
                store(dx, c, fma(load(dy, p * dy_pixel + c), value, load(dx, c)))
    else:
        total = splat(0.0)
        for p in range(pixels):
            for c in range(channels):
                total = fma(load(dy, p * dy_pixel + c), load(b, p * b_pixel + c * b_channel), total)
            if dx_pixel != 0:
                store(dx, p, total)
                total = splat(0.0)
        if dx_pixel == 0:
            store(dx, 0, total)


@kernel
def larger(a, b, y, count):
    """Gives y = max(a, b)."""
    for i in range(count):
        store(y, i, maximum(load(a, i), load(b, i)))


@kernel
def count_largest(a, y, found, count, begin):
    """By how many paths each maximum is reached: one more where `a` is that large; with `begin`, from 0 on."""
    for i in range(count):
        here = select(load(a, i) == load(y, i), splat(1.0), splat(0.0))
        store(found, i, here if begin != 0 else here + load(found, i))


@kernel
def share_out(a, y, dy, found, da, count):
    """The gradient of one path: its share, where it has the largest value."""
    for i in range(count):
        store(da, i, select(load(a, i) == load(y, i), load(dy, i) / load(found, i), splat(0.0)))


@kernel
def share_out_two(a, b, dy, da, count):
    """The same where there are two paths."""
    for i in range(count):
        gradient, first, second = load(dy, i), load(a, i), load(b, i)
        store(da, i, select(first > second, gradient, select(first == second, gradient * 0.5, splat(0.0))))
