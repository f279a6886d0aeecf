"""Kernels of `batch_norm`: two meetings of all groups, one for the statistics and one for their gradients.

A group's statistics are combined in the order of the groups (Chan, Golub and LeVeque 1979), so the number of threads
does not matter; lanes that hold no picture count for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xonet.kernels import (
    LANES,
    at,
    first_lanes,
    fma,
    helper,
    kernel,
    larger,
    load,
    put,
    real,
    select,
    single,
    splat,
    sqrt,
    store,
    total,
)
from xonet.kernels.sliding import clear
from xonet.layers._single import Unfit

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.engine.single import SingleSite
    from xonet.layers.batch_norm import BatchNorm

RECTIFIES = "both ways"
IN_PLACE = True
AT_ONCE = 8
"""Pixels that are measured together, channel by channel, so that sums are fetched and put back once for all of them."""


@kernel
def measure(x, sums, parts, group, lanes, pixels, channels):
    """One group's mean and sum of squared distances from it, by channel, to parts[group] (2, channels)."""
    clear(sums, 2 * channels)
    whole = pixels // AT_ONCE * AT_ONCE
    for p in range(0, whole, AT_ONCE):
        watch(x + 64 * p * channels, sums, p, AT_ONCE, channels)
    for p in range(whole, pixels):
        watch(x + 64 * p * channels, sums, p, 1, channels)
    mine, present = parts + 4 * group * 2 * channels, first_lanes(lanes)
    for c in range(channels):
        mean = total(load(sums, 2 * c) * present) / lanes
        away = load(sums, 2 * c) - mean
        put(mine, c, mean)
        put(mine, channels + c, total(fma(away, away * pixels, load(sums, 2 * c + 1)) * present))


@helper
def watch(x, sums, seen, count, channels):
    """Lane by lane, mean and sum of squared distances after `count` more pixels (Welford 1962, for some at a time)."""
    share = 1.0 / (seen + count)
    for c in range(channels):
        mean = load(sums, 2 * c) if seen > 0 else load(x, c)
        apart, squares = splat(0.0), splat(0.0)
        for p in range(count):
            away = load(x, p * channels + c) - mean
            apart = apart + away
            squares = fma(away, away, squares)
        moved = apart * share
        store(sums, 2 * c, mean + moved)
        store(sums, 2 * c + 1, load(sums, 2 * c + 1) + (squares - apart * moved))


@kernel
def combine(
    parts, scale, shift, running_mean, running_variance, found, groups, count, pixels, channels, momentum, epsilon
):
    """The batch's statistics to `found`: (mean, 1 / deviation, factor, offset), by channel; the running ones follow."""
    keep = real(momentum)
    for c in range(channels):
        mean, squares, seen = at(parts, c), at(parts, channels + c), min(count, LANES) * pixels
        for g in range(1, groups):
            mine = parts + 4 * g * 2 * channels
            more = min(count - g * LANES, LANES) * pixels
            apart = at(mine, c) - mean
            mean += apart * (more / (seen + more))
            squares += at(mine, channels + c) + apart * apart * (seen * (more / (seen + more)))
            seen += more
        variance = squares / seen
        inverse = total(1.0 / sqrt(splat(variance + real(epsilon)))) / 16
        put(found, c, mean)
        put(found, channels + c, inverse)
        put(found, 2 * channels + c, at(scale, c) * inverse)
        put(found, 3 * channels + c, at(shift, c) - mean * at(scale, c) * inverse)
        put(running_mean, c, keep * at(running_mean, c) + (1 - keep) * mean)
        put(running_variance, c, keep * at(running_variance, c) + (1 - keep) * (squares / max(seen - 1, 1)))


@kernel
def recall(scale, shift, running_mean, running_variance, found, channels, epsilon):
    """Outside training: factor and offset from the running statistics."""
    for c in range(channels):
        inverse = total(1.0 / sqrt(splat(at(running_variance, c) + real(epsilon)))) / 16
        put(found, 2 * channels + c, at(scale, c) * inverse)
        put(found, 3 * channels + c, at(shift, c) - at(running_mean, c) * at(scale, c) * inverse)


@kernel
def apply(x, y, found, pixels, channels, rectify):
    """Y = factor · x + offset; where it is to be rectified, nothing negative."""
    least = splat(0.0 if rectify != 0 else -np.inf)
    for p in range(pixels):
        for c in range(channels):
            place = p * channels + c
            factor, offset = at(found, 2 * channels + c), at(found, 3 * channels + c)
            store(y, place, larger(fma(load(x, place), splat(factor), splat(offset)), least))


@kernel
def measure_gradient(x, dy, found, parts, sums, d_scale, d_shift, group, pixels, channels, rectify):
    """One group's Σ dy · x̂ and Σ dy, by channel, to parts[group] (2, channels), and to the parameters' gradients."""
    least = splat(0.0 if rectify != 0 else -np.inf)
    clear(sums, 2 * channels)
    for p in range(pixels):
        for c in range(channels):
            value, factor, offset = load(x, p * channels + c), at(found, 2 * channels + c), at(found, 3 * channels + c)
            g = select(fma(value, splat(factor), splat(offset)) > least, load(dy, p * channels + c), splat(0.0))
            store(sums, 2 * c, fma(g, value - at(found, c), load(sums, 2 * c)))
            store(sums, 2 * c + 1, load(sums, 2 * c + 1) + g)
    mine = parts + 4 * group * 2 * channels
    for c in range(channels):
        product, sum_ = total(load(sums, 2 * c)) * at(found, channels + c), total(load(sums, 2 * c + 1))
        put(mine, c, product)
        put(mine, channels + c, sum_)
        if d_scale != 0:
            put(d_scale, c, at(d_scale, c) + product)
            put(d_shift, c, at(d_shift, c) + sum_)


@kernel
def combine_gradient(parts, found, means, groups, count, pixels, channels):
    """Of the batch, to `means` (2, channels): factor · mean(dy), and factor / deviation · mean(dy · x̂)."""
    for c in range(channels):
        products, sums = at(parts, c), at(parts, channels + c)
        for g in range(1, groups):
            products += at(parts, g * 2 * channels + c)
            sums += at(parts, (g * 2 + 1) * channels + c)
        factor = at(found, 2 * channels + c) / (count * pixels)
        put(means, c, sums * factor)
        put(means, channels + c, products * factor * at(found, channels + c))


@kernel
def backward(x, dy, dx, found, means, lanes, pixels, channels, rectify):
    """Dx = scale / deviation · (dy - mean(dy) - x̂ · mean(dy · x̂)), nothing for lanes without a picture."""
    present, least = first_lanes(lanes), splat(0.0 if rectify != 0 else -np.inf)
    for p in range(pixels):
        for c in range(channels):
            place = p * channels + c
            value, factor, offset = load(x, place), splat(at(found, 2 * channels + c)), at(found, 3 * channels + c)
            g = select(fma(value, factor, splat(offset)) > least, load(dy, place), splat(0.0))
            common = fma(value - at(found, c), splat(at(means, channels + c)), splat(at(means, c)))
            store(dx, place, (g * factor - common) * present)


def lower(layer: BatchNorm, site: Site) -> None:
    """Forward, statistics and normalisation; backward, the same the other way round."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    sizes = (pixels, channels)
    names = ("scale", "shift", "mean", "variance")
    parameters = [site.parameter(name) for name in names]
    found = site.program.take_shared(4 * channels)
    if not site.training:
        site.prepare(recall, *parameters, found, channels, layer.epsilon)
        site.forward(apply, site.x, site.y, found, *sizes, site.rectify)
        return
    parts = site.program.take_shared(2 * channels * site.program.groups)
    means = site.program.take_shared(2 * channels)
    sums = site.program.take_scratch(2 * channels * LANES)
    site.forward(measure, site.x, sums, parts, site.group, site.lanes, *sizes)
    site.forward_meeting(
        combine, parts, *parameters, found, site.groups, site.count, *sizes, layer.momentum, layer.epsilon
    )
    site.forward(apply, site.x, site.y, found, *sizes, site.rectify)
    if site.dy is None:
        return
    d_scale, d_shift = site.gradient("scale") or 0, site.gradient("shift") or 0
    site.backward(
        measure_gradient, site.x, site.dy, found, parts, sums, d_scale, d_shift, site.group, *sizes, site.rectify
    )
    if site.dx is not None:
        site.backward_meeting(combine_gradient, parts, found, means, site.groups, site.count, *sizes)
        site.backward(backward, site.x, site.dy, site.dx, found, means, site.lanes, *sizes, site.rectify)


@kernel
def apply_to_one(x, y, factors, offsets, pixels, sixteens, rectify):
    """Y = factor · x + offset for one picture, sixteen channels beside each other."""
    least = splat(0.0 if rectify != 0 else -np.inf)
    for p in range(pixels):
        for n in range(sixteens):
            place = p * sixteens + n
            store(y, place, larger(fma(load(x, place), load(factors, n), load(offsets, n)), least))


def lower_single(layer: BatchNorm, site: SingleSite) -> None:
    """By itself, where no layer before it takes it in; not for values that a picture left with gaps between them."""
    if site.pixels > 1 and not site.output_shape.is_picture:
        raise Unfit
    width = site.forms[0].pitch
    factors, offsets = (site.program.take_shared(width) for _ in range(2))
    names = ("scale", "shift", "mean", "variance")
    site.prepare(
        single.prepare_affine, 0, *(site.parameter(name) for name in names), factors, offsets, site.channels, width,
        1.0, layer.epsilon,
    )  # fmt: skip
    site.forward(apply_to_one, site.x, site.y, factors, offsets, site.pixels, width // LANES, site.rectify)
