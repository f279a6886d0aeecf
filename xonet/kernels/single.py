"""Kernels for one picture at a time: an activation is `[height][width][channels]`, channels in whole sixteens.

Rows of a program are called one behind the other (`walk`, `alone`), or shared out between threads (`lead`, `assist`): a
stage of rows may run side by side, when all before are done. Each worker has its own part of a stage, so that it finds
nearby what it made; nobody waits for one that has not come, and what a row computes does not depend on who runs it.
"""

from __future__ import annotations

from enum import IntEnum, auto

from xonet.kernels import (
    LANES,
    add_and_get,
    at,
    byte_at,
    call,
    feature_tile,
    first_lanes,
    fma,
    helper,
    kernel,
    load,
    load_bytes,
    load_first,
    long_at,
    method_kernel,
    owned,
    plane_tile,
    poke,
    put,
    put_long,
    real,
    release_python,
    resume_python,
    select,
    splat,
    sqrt,
    store,
    total,
    word_at,
)
from xonet.kernels.assistants import dismiss, neighbouring, next_part, summon
from xonet.kernels.cpython import DATA, alike
from xonet.kernels.tables import BLOCK, LINE_SPAN, STAGE_ROW, WIDE_BLOCK, WIDE_STEPS


class Place(IntEnum):
    """Places in the block of int64 numbers that threads share."""

    DONE = 0
    """How many rows are done."""
    ROWS = 8
    """Address of the rows: see `tables.StageRow`."""
    COUNT = auto()
    TICKETS = auto()
    """Address of what each worker's queue has given out: int64, each on a cache line of its own."""
    WANTED = auto()
    """An array such as pictures must be."""
    PICTURE = auto()
    """Where the picture's address goes: among the arguments of a row."""
    SCORES = auto()
    """Where that of the scores goes."""
    NONE = auto()
    """Python's None."""
    ASSISTANTS = auto()
    """Address of the assistants' numbers; then how many there are, and address of the offers made to them."""
    ASSISTANT_COUNT = auto()
    OFFERS = auto()
    HELP = auto()
    """How many assistants are wanted."""
    SIZE = 32


@helper
def through(rows, count):
    """Call every row, in order."""
    for n in range(count):
        row = STAGE_ROW.SIZE * n
        call(long_at(rows, row + STAGE_ROW.KERNEL), long_at(rows, row + STAGE_ROW.ARGUMENTS))


@kernel
def walk(rows, count):
    """Rows that nobody helps with."""
    through(rows, count)


@helper
def share(control, worker):
    """A worker's part in a picture."""
    rows, count = long_at(control, Place.ROWS), long_at(control, Place.COUNT)
    tickets, workers = long_at(control, Place.TICKETS), long_at(control, Place.HELP) + 1
    first, dealt = 0, 0
    done = control + 8 * Place.DONE
    while first < count:
        stage = rows + 8 * STAGE_ROW.SIZE * first
        parts = long_at(stage, STAGE_ROW.ROWS)
        part, looks = next_part(done, first, parts, tickets, dealt, worker, workers, 0)
        while part >= 0:
            row = stage + 8 * STAGE_ROW.SIZE * neighbouring(part, parts, workers)
            call(long_at(row, STAGE_ROW.KERNEL), long_at(row, STAGE_ROW.ARGUMENTS))
            add_and_get(control, Place.DONE, 1)
            part, looks = next_part(done, first, parts, tickets, dealt, worker, workers, looks)
        first, dealt = first + parts, dealt + (parts + workers - 1) // workers


@helper
def bring(control, arguments):
    """Whether the first argument is an array such as it must be; then rows find it, and the second one, the scores."""
    picture, scores = long_at(arguments, 0), long_at(arguments, 1)
    fits = alike(picture, long_at(control, Place.WANTED))
    if fits:
        put_long(long_at(control, Place.PICTURE), 0, long_at(picture, DATA))
        put_long(long_at(control, Place.SCORES), 0, long_at(scores, DATA))
    return fits


@method_kernel
def alone(control, arguments, _):
    """Of the control block, for (picture, scores): fills the scores and gives them; None for any other object."""
    control = long_at(control, DATA)
    if not bring(control, arguments):
        return owned(long_at(control, Place.NONE))
    through(long_at(control, Place.ROWS), long_at(control, Place.COUNT))
    return owned(long_at(arguments, 1))


@method_kernel
def lead(control, arguments, _):
    """The same with help, while other Python code may run."""
    control = long_at(control, DATA)
    if not bring(control, arguments):
        return owned(long_at(control, Place.NONE))
    state = release_python()
    poke(control, Place.DONE, 0)
    for worker in range(long_at(control, Place.HELP) + 1):
        poke(long_at(control, Place.TICKETS), 8 * worker, 0)
    offers = long_at(control, Place.OFFERS)
    lines, count = long_at(control, Place.ASSISTANTS), long_at(control, Place.ASSISTANT_COUNT)
    made = summon(lines, count, offers, long_at(control, Place.HELP))
    share(control, 0)
    dismiss(offers, made)
    resume_python(state)
    return owned(long_at(arguments, 1))


@kernel
def assist(control, worker):
    """Take part in a picture."""
    share(control, worker)


@kernel
def features(x, w, bias, y, spans, span_count, blocks, block_count, steps, flags):
    """Products of windows with packed weights.

    For spans, blocks and steps see `LineSpan`, `WideBlock` and `WideSteps`.
    """
    x_i, x_j = long_at(steps, WIDE_STEPS.X_I), long_at(steps, WIDE_STEPS.X_J)
    channels, merged = long_at(steps, WIDE_STEPS.CHANNELS), long_at(steps, WIDE_STEPS.MERGED)
    columns = long_at(steps, WIDE_STEPS.COLUMNS)
    for n in range(block_count):
        block = WIDE_BLOCK.SIZE * n
        sixteens, feature = long_at(blocks, block + WIDE_BLOCK.SIXTEENS), long_at(blocks, block + WIDE_BLOCK.FIRST)
        place = long_at(blocks, block + WIDE_BLOCK.WEIGHTS)
        x_of_block = x + 4 * long_at(blocks, block + WIDE_BLOCK.CHANNEL)
        w_j = channels * max(sixteens, 1) * LANES
        w_i = columns * w_j
        for s in range(span_count):
            span = spans + 8 * LINE_SPAN.SIZE * s
            taps, products = long_at(span, LINE_SPAN.TAPS_J), channels
            first_i, first_j = long_at(span, LINE_SPAN.FIRST_I), long_at(span, LINE_SPAN.FIRST_J)
            if merged != 0:
                products *= taps
                taps = 1
            feature_tile(
                long_at(span, LINE_SPAN.PIXELS), sixteens, flags,
                x_of_block + 4 * long_at(span, LINE_SPAN.X), long_at(span, LINE_SPAN.X_PIXEL), x_i, x_j,
                w + 4 * (place + first_i * w_i + first_j * w_j), w_i, w_j,
                long_at(span, LINE_SPAN.TAPS_I), taps, products,
                bias + 4 * feature, y + 4 * (long_at(span, LINE_SPAN.Y) + feature), long_at(span, LINE_SPAN.Y_PIXEL),
                long_at(span, LINE_SPAN.TILES), long_at(span, LINE_SPAN.LINES),
                long_at(span, LINE_SPAN.X_LINE), long_at(span, LINE_SPAN.Y_LINE),
            )  # fmt: skip


@kernel
def features_in_planes(
    x, w, bias, y, blocks, block_count, rows, x_row, x_i, x_j, taps_i, taps_j, sixteens, features, most, flags
):
    """Products of windows over one channel, stride 1 along a row: y is [row][feature][sixteens of pixels].

    blocks: see `Block`. `most`: sixteens of a tile. Pixels behind the last one hold anything.
    """
    for n in range(block_count):
        size, feature = long_at(blocks, BLOCK.SIZE * n + BLOCK.FEATURES), long_at(blocks, BLOCK.SIZE * n + BLOCK.FIRST)
        for s in range(0, sixteens, most):
            plane_tile(
                size, min(most, sixteens - s), flags,
                x + 64 * s, x_i, x_j, w + 4 * feature * taps_i * taps_j, taps_i, taps_j,
                bias + 4 * feature, y + 64 * (feature * sixteens + s), sixteens * LANES,
                rows, x_row, features * sixteens * LANES,
            )  # fmt: skip


@kernel
def prepare_affine(bias, scale, shift, mean, variance, factors, offsets, features, padded, share, epsilon):
    """By feature, what sums of products are multiplied by, and what is added: a bias, and a batch_norm behind it.

    Addresses of what there is not are 0; features that only fill up a sixteen get zeros.
    """
    for f in range(padded):
        factor = real(share) if f < features else 0.0
        offset = 0.0
        if f < features and bias != 0:
            offset = at(bias, f)
        if f < features and scale != 0:
            normal = at(scale, f) * total(1.0 / sqrt(splat(at(variance, f) + real(epsilon)))) / 16
            factor = factor * normal
            offset = (offset - at(mean, f)) * normal + at(shift, f)
        put(factors, f, factor)
        put(offsets, f, offset)


@kernel
def pack_features(w, packed, places, sixteens, steps, factors):
    """Weights in the order in which tiles read them, times their feature's factor; places of none are -1 (int32)."""
    for n in range(steps):
        for f in range(sixteens * LANES):
            place = word_at(places, n * sixteens * LANES + f)
            put(packed, n * sixteens * LANES + f, at(w, place) * at(factors, f) if place >= 0 else 0.0)


@kernel
def load_values_of_one(picture, x, rows, size, x_row):
    """Network values in rows of `size`; behind the end of a row come zeros as far as its last sixteen goes."""
    for i in range(rows):
        for n in range(0, size, LANES):
            store(x + 4 * (i * x_row + n), 0, load_first(picture, i * size + n, size - n))


@kernel
def load_raw_of_one(picture, x, rows, size, x_row, factors, offsets, channels):
    """The same of raw bytes; factors and offsets repeat after `channels` sixteens."""
    for i in range(rows):
        c = 0
        for n in range(0, size, LANES):
            place, values = x + 4 * (i * x_row + n), splat(0.0)
            if i * size + n + LANES <= rows * size:
                values = load_bytes(picture, i * size + n)
            else:
                # not a byte behind the picture is touched
                for k in range(size - n):
                    put(place, k, byte_at(picture, i * size + n + k))
                values = load(place, 0)
            values = fma(values, load(factors, c), load(offsets, c))
            store(place, 0, select(first_lanes(size - n) > 0.0, values, splat(0.0)))
            c = c + 1 if c + 1 < channels else 0


@kernel
def respace(x, x_pixel, y, y_pixel, pixels, channels):
    """The same pixels, at another distance."""
    for p in range(pixels):
        for c in range(channels):
            put(y, p * y_pixel + c, at(x, p * x_pixel + c))
