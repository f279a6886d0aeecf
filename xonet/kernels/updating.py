"""Kernels between a gradient and an optimizer's step, and after it."""

from __future__ import annotations

from xonet.kernels import (
    bits_to_f32,
    fma,
    kernel,
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
from xonet.kernels.stepping import gathered


@kernel
def gather(source, stride, slots, gradients, batches, parameters, l2, limit, squares, count):
    """The gradient of `count` sixteens of parameters, in the first slot, as the optimizer gets it; others are cleared.

    The mean over `batches` batches, plus `l2` times the parameters, each number at most `limit` in size, where that is
    not 0; its squares' sums go to `squares`, a sixteen, where that is not 0.
    """
    share, pull, most = 1.0 / batches, bits_to_f32(l2), bits_to_f32(limit)
    sums = splat(0.0)
    for i in range(count):
        gradient = gathered(source, stride, slots, i) * share
        if l2 != 0:
            gradient = gradient + load(parameters, i) * pull
        if limit != 0:
            gradient = -maximum(-maximum(gradient, splat(-most)), splat(-most))
        store(gradients, i, gradient)
        sums = sums + gradient * gradient
    if squares != 0:
        store(squares, 0, sums)


@kernel
def shorten(gradients, squares, pieces, norm, count):
    """Scale `count` sixteens so that the whole gradient, whose squares' sums are `pieces` sixteens, is `norm` long."""
    sums = splat(0.0)
    for n in range(pieces):
        sums = sums + load(squares, n)
    factor = splat(bits_to_f32(norm)) / (sqrt(splat(reduce_add(sums))) + 1e-6)
    factor = select(factor > 1.0, splat(1.0), factor)
    for i in range(count):
        store(gradients, i, load(gradients, i) * factor)


@kernel
def add_up(gradients, sums, batch, count):
    """Add `count` sixteens of a gradient to `sums`; batch 1 of a round begins them."""
    for i in range(count):
        gradient = load(gradients, i)
        if batch > 1:
            gradient = gradient + load(sums, i)
        store(sums, i, gradient)


@kernel
def shorten_units(weights, units, inputs, most):
    """Scale each of `units` rows of `inputs` numbers that is longer than `most` down to it."""
    longest = bits_to_f32(most)
    whole, rest = inputs // 16, inputs % 16
    for unit in range(units):
        row, sums = weights + 4 * inputs * unit, splat(0.0)
        for i in range(whole):
            some = load_first(row, 16 * i, 16)
            sums = fma(some, some, sums)
        if rest > 0:
            some = load_first(row, 16 * whole, rest)
            sums = fma(some, some, sums)
        squares = reduce_add(sums)
        if squares > longest * longest:
            factor = longest / (squares**0.5 + 1e-7)
            for i in range(inputs):
                store_scalar(row, i, load_scalar(row, i) * factor)


@kernel
def average(parameters, averages, update, share, count):
    """Move `count` sixteens of averages by a share of the way towards parameters; with update 0, all of it."""
    part = bits_to_f32(share)
    for i in range(count):
        p = load(parameters, i)
        if update != 0:
            before = load(averages, i)
            p = before + (p - before) * part
        store(averages, i, p)


@kernel
def collect(kept, sums, share, count):
    """Add `count` sixteens of what layers keep, times `share`, to their sums, and let it begin with zeros again."""
    for i in range(count):
        store(sums, i, fma(load(kept, i), splat(bits_to_f32(share)), load(sums, i)))
        store(kept, i, splat(0.0))
