"""Kernels of layers that normalize sets of one picture's values: `layer_norm`, `group_norm` and their kin.

A picture's pixels come in `spans` of `pixels` each, and the channels of a span in `groups` of `width`: all values of a
group in a span are a set, with a mean and a deviation of their own. A picture that is one set is one span and one
group; where each pixel is a set, spans are pixels. Scale and shift are one a channel, or one a value, with `step`
between pixels. What is measured from the first pixel to the last is used from the last one on, which
is in the cache.
"""

from __future__ import annotations

import numpy as np

from xonet.kernels import (
    bits_to_f32,
    deinterleave_even,
    deinterleave_odd,
    fma,
    helper,
    kernel,
    lane_mask,
    load,
    load_first,
    load_scalar,
    maximum,
    reduce_add,
    select,
    splat,
    sqrt,
    store,
    store_scalar,
)
from xonet.kernels.normalization import AT_ONCE, add
from xonet.kernels.sliding import clear


@kernel
def forward(
    x, y, scale, shift, found, sums, spans, pixels, groups, width, pixel_stride, step, centered, epsilon, fused_relu
):
    """Y = scale · (x - mean) / deviation + shift; where it is to be rectified, nothing negative.

    found: (mean, 1 / deviation) of every set. sums: room for two sixteens a channel. `centered`: whether the mean is
    taken away. `pixel_stride`: all channels of a pixel, where `groups` of `width` are some.
    """
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    for s in range(spans):
        first, here = 64 * s * pixels * pixel_stride, found + 128 * s * groups
        measure(x + first, sums, pixels, groups * width, pixel_stride)
        merge(sums, here, pixels, groups, width, centered, epsilon)
        for p in range(pixels - 1, -1, -1):
            for g in range(groups):
                mean, inverse = load(here, 2 * g), load(here, 2 * g + 1)
                for c in range(g * width, (g + 1) * width):
                    factor, offset = load_scalar(scale, p * step + c), load_scalar(shift, p * step + c)
                    value = fma(load(x + first, p * pixel_stride + c) - mean, inverse * factor, splat(offset))
                    store(y + first, p * pixel_stride + c, maximum(value, least))


@helper
def measure(x, sums, pixels, channels, pixel_stride):
    """Mean and sum of squared distances of every channel over some pixels, to sums (channels, 2)."""
    clear(sums, 2 * channels)
    for p in range(0, pixels, 2 * AT_ONCE):
        add(x + 64 * p * pixel_stride, sums, p, min(2 * AT_ONCE, pixels - p), channels, pixel_stride)


@helper
def merge(sums, found, pixels, groups, width, centered, epsilon):
    """Of every group, from its channels': mean and 1 / deviation.

    What the rounded mean leaves of the distances is added to it, and taken from their squares. A set of one value is
    its mean, whatever it is: with 0 for 1 / deviation, its gradient is 0 to the last bit.
    """
    for g in range(groups):
        first, mean = 2 * g * width, splat(0.0)
        if centered != 0:
            for c in range(width):
                mean = mean + load(sums, first + 2 * c)
            mean = mean / width
        apart, squares = splat(0.0), splat(0.0)
        for c in range(width):
            away = load(sums, first + 2 * c) - mean
            apart = apart + away
            squares = squares + fma(away * pixels, away, load(sums, first + 2 * c + 1))
        if centered != 0:
            mean = mean + apart / width
            squares = squares - apart * apart * pixels / width
        inverse = 1.0 / sqrt(squares / (pixels * width) + bits_to_f32(epsilon))
        if centered * pixels * width == 1:
            inverse = splat(0.0)
        store(found, 2 * g, mean)
        store(found, 2 * g + 1, inverse)


@kernel
def backward(
    x, dy, dx, scale, shift, found, sums, d_scale, d_shift,
    spans, pixels, groups, width, pixel_stride, step, centered, fused_relu,
):  # fmt: skip
    """Dx = scale · dy / deviation without what a set has in common; what is 0 of dx, d_scale and d_shift is not wanted.

    sums: room for two sixteens a channel and two a group.
    """
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    means = sums + 128 * groups * width
    at_once = pixels if step == 0 else 1
    for s in range(spans):
        first, here = 64 * s * pixels * pixel_stride, found + 128 * s * groups
        clear(means, 2 * groups)
        for p in range(0, pixels, at_once):
            at, own = first + 64 * p * pixel_stride, 4 * p * step
            places, affine = (x + at, dy + at), (scale + own, shift + own)
            measure_gradient(places, affine, here, sums, (at_once, groups, width, pixel_stride), least)
            if d_scale != 0:
                add_lanes(sums, d_scale + own, groups * width)
            if d_shift != 0:
                add_lanes(sums + 64, d_shift + own, groups * width)
            weigh(sums, scale + own, means, groups, width)
        if dx != 0:
            settle(here, means, groups, pixels * width, centered)
            places = x + first, dy + first, dx + first
            give(places, (scale, shift, step), here, means, (pixels, groups, width, pixel_stride), least)


@helper
def measure_gradient(places, affine, found, sums, sets, least):
    """Of every channel over some pixels Σ dy · x̂ and Σ dy, to sums (channels, 2), lane by lane."""
    x, dy = places
    scale, shift = affine
    pixels, groups, width, pixel_stride = sets
    for first in range(0, pixels, AT_ONCE):
        for g in range(groups):
            mean, inverse = load(found, 2 * g), load(found, 2 * g + 1)
            for c in range(g * width, (g + 1) * width):
                factor, offset = splat(load_scalar(scale, c)), splat(load_scalar(shift, c))
                products, total = splat(0.0), splat(0.0)
                if first > 0:
                    products, total = load(sums, 2 * c), load(sums, 2 * c + 1)
                for p in range(first, min(first + AT_ONCE, pixels)):
                    normal = (load(x, p * pixel_stride + c) - mean) * inverse
                    d = select(fma(normal, factor, offset) > least, load(dy, p * pixel_stride + c), splat(0.0))
                    products, total = fma(d, normal, products), total + d
                store(sums, 2 * c, products)
                store(sums, 2 * c + 1, total)


@helper
def weigh(sums, scale, means, groups, width):
    """Adds every group's Σ scale · dy · x̂ and Σ scale · dy to `means`."""
    for g in range(groups):
        products, total = load(means, 2 * g), load(means, 2 * g + 1)
        for c in range(g * width, (g + 1) * width):
            factor = splat(load_scalar(scale, c))
            products = fma(load(sums, 2 * c), factor, products)
            total = fma(load(sums, 2 * c + 1), factor, total)
        store(means, 2 * g, products)
        store(means, 2 * g + 1, total)


@helper
def settle(found, means, groups, count, centered):
    """Makes of these sums what (x - mean) is multiplied by, and what is added, to be taken from a gradient."""
    for g in range(groups):
        inverse = load(found, 2 * g + 1)
        store(means, 2 * g, load(means, 2 * g) * inverse * inverse / count)
        store(means, 2 * g + 1, load(means, 2 * g + 1) * inverse / count if centered != 0 else splat(0.0))


@helper
def give(places, affine, found, means, sets, least):
    """Dx = scale / deviation · dy - what its set has in common."""
    x, dy, dx = places
    scale, shift, step = affine
    pixels, groups, width, pixel_stride = sets
    for p in range(pixels - 1, -1, -1):
        for g in range(groups):
            mean, inverse = load(found, 2 * g), load(found, 2 * g + 1)
            slope, common = load(means, 2 * g), load(means, 2 * g + 1)
            for c in range(g * width, (g + 1) * width):
                away, factor = load(x, p * pixel_stride + c) - mean, inverse * load_scalar(scale, p * step + c)
                y = fma(away, factor, splat(load_scalar(shift, p * step + c)))
                d = select(y > least, load(dy, p * pixel_stride + c), splat(0.0))
                store(dx, p * pixel_stride + c, fma(d, factor, -fma(away, slope, common)))


@helper
def add_lanes(x, target, count):
    """Adds the sum of each second sixteen, over its lanes, to `count` numbers; sixteen of them together.

    Neighbours are added first, however many there are: how workers share channels changes no bit.
    """
    for n in range(0, count - 15, 16):
        here = x + 128 * n
        low, high = halves(four(here), four(here + 512)), halves(four(here + 1024), four(here + 1536))
        store(target + 4 * n, 0, load(target + 4 * n, 0) + halves(low, high))
    for n in range(count // 16 * 16, count):
        alone = eight_times(load(x, 2 * n))
        store_scalar(target, n, load_scalar(target, n) + reduce_add(halves(alone, alone)) / 16)


@helper
def four(x):
    """Four numbers of each of four sixteens that have the same sum, one behind the other."""
    return halves(halves(load(x, 0), load(x, 2)), halves(load(x, 4), load(x, 6)))


@helper
def eight_times(x):
    """Sums of the first and of the last eight lanes, each eight times over: in the order in which four have them."""
    pairs = halves(x, x)
    fours = halves(pairs, pairs)
    return halves(fours, fours)


@helper
def halves(a, b):
    """Sums of neighbours, those of `a` and then of `b`."""
    return deinterleave_even(a, b) + deinterleave_odd(a, b)


@kernel
def forward_of_one(x, y, scale, shift, sums, spans, pixels, groups, width, step, centered, epsilon, fused_relu):
    """The same of one picture, sixteen channels beside each other; behind the last channel there may be anything."""
    least, channels = splat(0.0 if fused_relu != 0 else -np.inf), groups * width
    sixteens = (channels + 15) // 16
    for s in range(spans):
        first = 64 * s * pixels * sixteens
        measure(x + first, sums, pixels, sixteens, sixteens)
        if groups == 1:
            merge_all_of_one(sums, pixels, channels, centered, epsilon)
        else:
            merge_of_one(sums, pixels, groups, width, centered, epsilon)
        for p in range(pixels):
            for n in range(sixteens):
                factor = load_first(scale, p * step + 16 * n, channels - 16 * n) * load(sums, 2 * n + 1)
                away = load(x + first, p * sixteens + n) - load(sums, 2 * n)
                value = fma(away, factor, load_first(shift, p * step + 16 * n, channels - 16 * n))
                store(y + first, p * sixteens + n, maximum(value, least))


@helper
def merge_all_of_one(sums, pixels, channels, centered, epsilon):
    """Sets every channel's numbers to the mean of all and 1 / deviation."""
    sixteens, mean, left = (channels + 15) // 16, splat(0.0), splat(0.0)
    if centered != 0:
        for n in range(sixteens):
            mean = mean + select(lane_mask(channels - 16 * n) > 0.0, load(sums, 2 * n), splat(0.0))
        mean = splat(reduce_add(mean) / channels)
    squares = splat(0.0)
    for n in range(sixteens):
        present, away = lane_mask(channels - 16 * n) > 0.0, load(sums, 2 * n) - mean
        left = left + select(present, away, splat(0.0))
        squares = squares + select(present, fma(away * pixels, away, load(sums, 2 * n + 1)), splat(0.0))
    total = splat(reduce_add(squares))
    if centered != 0:
        apart = splat(reduce_add(left))
        mean = mean + apart / channels
        total = total - apart * apart * pixels / channels
    inverse = 1.0 / sqrt(total / (pixels * channels) + bits_to_f32(epsilon))
    for n in range(sixteens):
        store(sums, 2 * n, mean)
        store(sums, 2 * n + 1, inverse)


@helper
def merge_of_one(sums, pixels, groups, width, centered, epsilon):
    """The same by groups of channels."""
    for g in range(groups):
        mean, squares = 0.0, 0.0
        if centered != 0:
            for c in range(g * width, (g + 1) * width):
                mean += load_scalar(sums, c // 16 * 32 + c % 16)
            mean /= width
        for c in range(g * width, (g + 1) * width):
            away = load_scalar(sums, c // 16 * 32 + c % 16) - mean
            squares += away * away * pixels + load_scalar(sums, c // 16 * 32 + 16 + c % 16)
        inverse = 1.0 / sqrt(splat(squares / (pixels * width) + bits_to_f32(epsilon)))
        for c in range(g * width, (g + 1) * width):
            store_scalar(sums, c // 16 * 32 + c % 16, mean)
            store_scalar(sums, c // 16 * 32 + 16 + c % 16, reduce_add(inverse) / 16)
