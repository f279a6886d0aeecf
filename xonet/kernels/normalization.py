"""Kernels of `batch_norm`: statistics of a group's pixels, some at a time, and what is made of them.

A group's statistics are combined in the order of the groups (Chan, Golub and LeVeque 1979), so the number of threads
does not matter; lanes that hold no picture count for nothing.
"""

from __future__ import annotations

import numpy as np

from xonet.kernels import (
    LANES,
    bits_to_f32,
    fma,
    helper,
    kernel,
    lane_mask,
    load,
    load_scalar,
    maximum,
    reduce_add,
    select,
    splat,
    sqrt,
    store,
    store_scalar,
)
from xonet.kernels.sliding import clear

AT_ONCE = 8
"""Pixels that are measured together, channel by channel, so that sums are fetched and put back once for all of them."""


@kernel
def measure(x, sums, parts, group, lanes, seen, count, pixels, channels, x_pixel):
    """Some more of one group's pixels; with the last, its mean and sum of squared distances to parts[group].

    parts: (mean, squares), by channel, for each group. `x_pixel`: all channels of a pixel, where these are some.
    """
    if seen == 0:
        clear(sums, 2 * channels)
    for p in range(0, count, AT_ONCE):
        add(x + 64 * p * x_pixel, sums, seen + p, min(AT_ONCE, count - p), channels, x_pixel)
    if seen + count == pixels:
        mine, present = parts + 4 * group * 2 * x_pixel, lane_mask(lanes)
        for c in range(channels):
            mean = reduce_add(load(sums, 2 * c) * present) / lanes
            away = load(sums, 2 * c) - mean
            store_scalar(mine, c, mean)
            store_scalar(mine, x_pixel + c, reduce_add(fma(away, away * pixels, load(sums, 2 * c + 1)) * present))


@helper
def add(x, sums, seen, count, channels, x_pixel):
    """Lane by lane, mean and sum of squared distances with `count` more pixels (Welford 1962, for some at a time)."""
    share = 1.0 / (seen + count)
    for c in range(channels):
        mean = load(sums, 2 * c) if seen > 0 else load(x, c)
        total, squares = splat(0.0), splat(0.0)
        for p in range(count):
            away = load(x, p * x_pixel + c) - mean
            total = total + away
            squares = fma(away, away, squares)
        moved = total * share
        store(sums, 2 * c, mean + moved)
        store(sums, 2 * c + 1, load(sums, 2 * c + 1) + (squares - total * moved))


@kernel
def combine(
    parts, scale, shift, running_mean, running_variance, found, groups, count, pixels, channels, momentum, epsilon
):
    """The batch's statistics to `found`: (mean, 1 / deviation, factor, shift), by channel; the running ones follow.

    A single value has no variance, and leaves the running one as it is.
    """
    keep = bits_to_f32(momentum)
    for c in range(channels):
        mean, squares, seen = load_scalar(parts, c), load_scalar(parts, channels + c), min(count, LANES) * pixels
        for g in range(1, groups):
            mine = parts + 4 * g * 2 * channels
            more = min(count - g * LANES, LANES) * pixels
            difference = load_scalar(mine, c) - mean
            mean += difference * (more / (seen + more))
            squares += load_scalar(mine, channels + c) + difference * difference * (seen * (more / (seen + more)))
            seen += more
        variance = squares / seen
        inverse = reduce_add(1.0 / sqrt(splat(variance + bits_to_f32(epsilon)))) / 16
        store_scalar(found, c, mean)
        store_scalar(found, channels + c, inverse)
        store_scalar(found, 2 * channels + c, load_scalar(scale, c) * inverse)
        store_scalar(found, 3 * channels + c, load_scalar(shift, c))
        store_scalar(running_mean, c, keep * load_scalar(running_mean, c) + (1 - keep) * mean)
        if seen > 1:
            store_scalar(
                running_variance, c, keep * load_scalar(running_variance, c) + (1 - keep) * (squares / (seen - 1))
            )


@kernel
def recall(scale, shift, running_mean, running_variance, found, channels, epsilon):
    """Outside training: mean, factor and shift from the running statistics."""
    for c in range(channels):
        inverse = reduce_add(1.0 / sqrt(splat(load_scalar(running_variance, c) + bits_to_f32(epsilon)))) / 16
        store_scalar(found, c, load_scalar(running_mean, c))
        store_scalar(found, 2 * channels + c, load_scalar(scale, c) * inverse)
        store_scalar(found, 3 * channels + c, load_scalar(shift, c))


@kernel
def apply(x, y, found, lanes, pixels, channels, x_pixel, y_pixel, fused_relu):
    """Y = factor · (x - mean) + shift; where it is to be rectified, nothing negative.

    x has `x_pixel` sixteens a pixel, y has `y_pixel`. Factor · x + (shift - factor · mean) would be off by as much as
    float32 rounds a mean that is far from 0. Lanes without a picture are zero: they are no part of the mean, and
    several such layers would make infinities of them.
    """
    present = lane_mask(lanes)
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    for p in range(pixels):
        for c in range(channels):
            factor, shift = splat(load_scalar(found, 2 * x_pixel + c)), splat(load_scalar(found, 3 * x_pixel + c))
            value = maximum(fma(load(x, p * x_pixel + c) - load_scalar(found, c), factor, shift), least)
            store(y, p * y_pixel + c, value * present)


@kernel
def measure_gradient(
    x, dy, found, parts, sums, d_scale, d_shift, group, seen, count, pixels, channels, x_pixel, fused_relu
):
    """Some more of one group's pixels; with the last, its Σ dy · x̂ and Σ dy to parts[group] and the gradients."""
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    if seen == 0:
        clear(sums, 2 * channels)
    for p in range(count):
        for c in range(channels):
            away, factor = load(x, p * x_pixel + c) - load_scalar(found, c), splat(load_scalar(found, 2 * x_pixel + c))
            y = fma(away, factor, splat(load_scalar(found, 3 * x_pixel + c)))
            g = select(y > least, load(dy, p * x_pixel + c), splat(0.0))
            store(sums, 2 * c, fma(g, away, load(sums, 2 * c)))
            store(sums, 2 * c + 1, load(sums, 2 * c + 1) + g)
    if seen + count == pixels:
        mine = parts + 4 * group * 2 * x_pixel
        for c in range(channels):
            product, sum_ = (
                reduce_add(load(sums, 2 * c)) * load_scalar(found, x_pixel + c),
                reduce_add(load(sums, 2 * c + 1)),
            )
            store_scalar(mine, c, product)
            store_scalar(mine, x_pixel + c, sum_)
            if d_scale != 0:
                store_scalar(d_scale, c, load_scalar(d_scale, c) + product)
            if d_shift != 0:
                store_scalar(d_shift, c, load_scalar(d_shift, c) + sum_)


@kernel
def combine_gradient(parts, found, means, groups, count, pixels, channels):
    """Of the batch, to `means` (2, channels): factor · mean(dy), and factor / deviation · mean(dy · x̂)."""
    for c in range(channels):
        products, sums = load_scalar(parts, c), load_scalar(parts, channels + c)
        for g in range(1, groups):
            products += load_scalar(parts, g * 2 * channels + c)
            sums += load_scalar(parts, (g * 2 + 1) * channels + c)
        factor = load_scalar(found, 2 * channels + c) / (count * pixels)
        store_scalar(means, c, sums * factor)
        store_scalar(means, channels + c, products * factor * load_scalar(found, channels + c))


@kernel
def backward(x, dy, dx, found, means, lanes, pixels, channels, x_pixel, dx_pixel, fused_relu):
    """Dx = scale / deviation · (dy - mean(dy) - x̂ · mean(dy · x̂)), nothing for lanes without a picture."""
    present, least = lane_mask(lanes), splat(0.0 if fused_relu != 0 else -np.inf)
    for p in range(pixels):
        for c in range(channels):
            place = p * x_pixel + c
            away, factor = load(x, place) - load_scalar(found, c), splat(load_scalar(found, 2 * x_pixel + c))
            g = select(
                fma(away, factor, splat(load_scalar(found, 3 * x_pixel + c))) > least, load(dy, place), splat(0.0)
            )
            common = fma(away, splat(load_scalar(means, x_pixel + c)), splat(load_scalar(means, c)))
            store(dx, p * dx_pixel + c, (g * factor - common) * present)


@kernel
def apply_to_one(x, y, factors, offsets, pixels, sixteens, fused_relu):
    """Y = factor · x + offset for one picture, sixteen channels beside each other."""
    least = splat(0.0 if fused_relu != 0 else -np.inf)
    for p in range(pixels):
        for n in range(sixteens):
            place = p * sixteens + n
            store(y, place, maximum(fma(load(x, place), load(factors, n), load(offsets, n)), least))
