"""Kernels at the program's ends: pictures come in, scores go out, and what every loss needs."""

from __future__ import annotations

from xonet.kernels import (
    LANES,
    at,
    byte_at,
    first_lanes,
    fma,
    kernel,
    load,
    load_bytes,
    long_at,
    peek,
    poke,
    put,
    splat,
    store,
    total,
    turn,
)
from xonet.kernels.registers import Control
from xonet.kernels.sliding import clear


@kernel
def load_raw(pictures, indices, x, block, lanes, size, factors, offsets, channels):
    """Raw pictures to network values: factor · byte + offset, by channel; lanes without a picture are zero.

    Sixteen values of each picture at a time, which are then turned; the last sixteen begin earlier where they must.
    `block` is room for sixteen times sixteen.
    """
    for lane in range(LANES):
        store(block, lane, splat(0.0))
    present = first_lanes(lanes)
    for step in range((size + LANES - 1) // LANES):
        first = max(0, min(step * LANES, size - LANES))
        if size >= LANES:
            for lane in range(lanes):
                store(block, lane, load_bytes(pictures, long_at(indices, lane) * size + first))
            turn(block, LANES, x + 64 * first, LANES)
        else:
            clear(x, size)
            for lane in range(lanes):
                for i in range(size):
                    put(x, i * LANES + lane, byte_at(pictures, long_at(indices, lane) * size + i))
        c = first % channels
        for i in range(first, min(first + LANES, size)):
            store(x, i, fma(load(x, i), splat(at(factors, c)), splat(at(offsets, c))) * present)
            c = c + 1 if c + 1 < channels else 0


@kernel
def load_values(pictures, indices, x, block, lanes, size):
    """Network values, sixteen pictures side by side; lanes without a picture are zero."""
    for lane in range(LANES):
        store(block, lane, splat(0.0))
    if size >= LANES:
        for step in range((size + LANES - 1) // LANES):
            first = min(step * LANES, size - LANES)
            for lane in range(lanes):
                store(block, lane, load(pictures + 4 * (long_at(indices, lane) * size + first), 0))
            turn(block, LANES, x + 64 * first, LANES)
    else:
        for i in range(size):
            store(x, i, splat(0.0))
        for lane in range(lanes):
            for i in range(size):
                put(x, i * LANES + lane, at(pictures, long_at(indices, lane) * size + i))


@kernel
def load_classes(targets, indices, wanted, lanes, outputs):
    """Class numbers to targets: 1 for the right class, 0 elsewhere."""
    clear(wanted, outputs)
    for lane in range(lanes):
        put(wanted, long_at(targets, long_at(indices, lane)) * LANES + lane, 1.0)


@kernel
def weigh(weight, lanes, count):
    """What each picture counts for in the mean: 1 / count, nothing for lanes without a picture."""
    store(weight, 0, first_lanes(lanes) * (1.0 / count))


@kernel
def watch(dy, outputs, control, step):
    """Notes the first step whose gradient is no number any more, and asks the workers to end."""
    sums = splat(0.0)
    for n in range(outputs):
        sums = sums + load(dy, n) * 0.0
    if total(sums) != 0.0 or peek(control, Control.BROKEN) != 0:
        if peek(control, Control.BROKEN) == 0:
            poke(control, Control.BROKEN, step + 1)
        poke(control, Control.STOP, 1)


@kernel
def unload(y, scores, lanes, outputs):
    """Scores, picture by picture."""
    for lane in range(lanes):
        for n in range(outputs):
            put(scores, lane * outputs + n, at(y, n * LANES + lane))
