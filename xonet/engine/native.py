"""Kernels at the program's ends: pictures come in, scores go out, and what every loss needs."""

from __future__ import annotations

from xonet.kernels import (
    LANES,
    atomic_load,
    atomic_store,
    fma,
    kernel,
    lane_mask,
    load,
    load_bytes,
    load_first,
    load_i64,
    load_scalar,
    load_u8,
    reduce_add,
    splat,
    store,
    store_scalar,
    transpose,
)
from xonet.kernels.registers import Control
from xonet.kernels.sliding import clear


@kernel
def load_raw(pictures, indices, x, block, lanes, size, factors, offsets, period):
    """Raw pictures to network values: factor · byte + offset; lanes without a picture are zero.

    Factors and offsets repeat after `period` values: one for each channel, or for each value.

    Sixteen values of each picture at a time, which are then transposed; the last sixteen begin earlier where they must.
    `block` is room for sixteen times sixteen.
    """
    for lane in range(LANES):
        store(block, lane, splat(0.0))
    present = lane_mask(lanes)
    for step in range((size + LANES - 1) // LANES):
        first = max(0, min(step * LANES, size - LANES))
        if size >= LANES:
            for lane in range(lanes):
                store(block, lane, load_bytes(pictures, load_i64(indices, lane) * size + first))
            transpose(block, LANES, x + 64 * first, LANES)
        else:
            clear(x, size)
            for lane in range(lanes):
                for i in range(size):
                    store_scalar(x, i * LANES + lane, load_u8(pictures, load_i64(indices, lane) * size + i))
        c = first % period
        for i in range(first, min(first + LANES, size)):
            store(x, i, fma(load(x, i), splat(load_scalar(factors, c)), splat(load_scalar(offsets, c))) * present)
            c = c + 1 if c + 1 < period else 0


@kernel
def load_values(pictures, indices, x, block, lanes, size):
    """Network values, sixteen pictures side by side; lanes without a picture are zero."""
    for lane in range(LANES):
        store(block, lane, splat(0.0))
    if size >= LANES:
        for step in range((size + LANES - 1) // LANES):
            first = min(step * LANES, size - LANES)
            for lane in range(lanes):
                store(block, lane, load(pictures + 4 * (load_i64(indices, lane) * size + first), 0))
            transpose(block, LANES, x + 64 * first, LANES)
    else:
        for i in range(size):
            store(x, i, splat(0.0))
        for lane in range(lanes):
            for i in range(size):
                store_scalar(x, i * LANES + lane, load_scalar(pictures, load_i64(indices, lane) * size + i))


@kernel
def load_classes(targets, indices, wanted, lanes, outputs):
    """Class numbers to targets: 1 for the right class, 0 elsewhere."""
    clear(wanted, outputs)
    for lane in range(lanes):
        store_scalar(wanted, load_i64(targets, load_i64(indices, lane)) * LANES + lane, 1.0)


@kernel
def load_second_class(targets, indices, wanted, lanes, outputs):
    """Class numbers to targets of a single score: 1 for the second of two classes, 0 for the first."""
    clear(wanted, outputs)
    for lane in range(lanes):
        if load_i64(targets, load_i64(indices, lane)) == 1:
            store_scalar(wanted, lane, 1.0)


@kernel
def weigh(weight, lanes, count):
    """What each picture counts for in the mean: 1 / count, nothing for lanes without a picture."""
    store(weight, 0, lane_mask(lanes) * (1.0 / count))


@kernel
def weigh_each(weight, lanes, shares):
    """What each picture counts for in the mean, as it was worked out before."""
    store(weight, 0, load_first(shares, 0, lanes))


@kernel
def check_nan(dy, outputs, control, step):
    """Notes the first step whose gradient is no number any more, and asks the workers to end."""
    sums = splat(0.0)
    for n in range(outputs):
        sums = sums + load(dy, n) * 0.0
    if reduce_add(sums) != 0.0 or atomic_load(control, Control.BROKEN) != 0:
        if atomic_load(control, Control.BROKEN) == 0:
            atomic_store(control, Control.BROKEN, step + 1)
        atomic_store(control, Control.STOP, 1)


@kernel
def unload(y, scores, lanes, outputs):
    """Scores, picture by picture."""
    for lane in range(lanes):
        for n in range(outputs):
            store_scalar(scores, lane * outputs + n, load_scalar(y, n * LANES + lane))
