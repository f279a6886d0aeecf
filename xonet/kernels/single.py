"""Kernels for one picture at a time: an activation is `[height][width][channels]`, channels in whole sixteens.

Rows of a program are called one behind the other (`walk`, `alone`), or shared out between threads (`lead`, `assist`): a
stage of rows may run side by side, when all before are done. Each worker has its own part of a stage, so that it finds
nearby what it made; nobody waits for one that has not come, and what a row computes does not depend on who runs it.
"""

from __future__ import annotations

from enum import IntEnum, auto

from xonet.kernels import (
    LANES,
    atomic_add,
    atomic_store,
    bits_to_f32,
    call,
    feature_tile,
    fma,
    helper,
    kernel,
    lane_mask,
    load,
    load_bytes,
    load_first,
    load_i32,
    load_i64,
    load_scalar,
    load_u8,
    method_kernel,
    owned,
    plane_tile,
    reduce_add,
    release_python,
    resume_python,
    select,
    splat,
    sqrt,
    store,
    store_i64,
    store_scalar,
)
from xonet.kernels.assistants import join, neighbouring, next_part, submit
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
    """Address of the assistants' mailboxes; then how many there are, and address of the requests to them."""
    ASSISTANT_COUNT = auto()
    REQUESTS = auto()
    HELP = auto()
    """How many assistants are wanted."""
    SIZE = 32


@helper
def through(rows, count):
    """Call every row, in order."""
    for n in range(count):
        row = STAGE_ROW.SIZE * n
        call(load_i64(rows, row + STAGE_ROW.KERNEL), load_i64(rows, row + STAGE_ROW.ARGUMENTS))


@kernel
def walk(rows, count):
    """Rows that nobody helps with."""
    through(rows, count)


@helper
def share(control, worker):
    """A worker's part in a picture."""
    rows, count = load_i64(control, Place.ROWS), load_i64(control, Place.COUNT)
    tickets, workers = load_i64(control, Place.TICKETS), load_i64(control, Place.HELP) + 1
    first, dealt = 0, 0
    done = control + 8 * Place.DONE
    while first < count:
        stage = rows + 8 * STAGE_ROW.SIZE * first
        parts = load_i64(stage, STAGE_ROW.ROWS)
        part, looks = next_part(done, first, parts, tickets, dealt, worker, workers, 0)
        while part >= 0:
            row = stage + 8 * STAGE_ROW.SIZE * neighbouring(part, parts, workers)
            call(load_i64(row, STAGE_ROW.KERNEL), load_i64(row, STAGE_ROW.ARGUMENTS))
            atomic_add(control, Place.DONE, 1)
            part, looks = next_part(done, first, parts, tickets, dealt, worker, workers, looks)
        first, dealt = first + parts, dealt + (parts + workers - 1) // workers


@helper
def bring(control, arguments):
    """Whether the first argument is an array such as it must be; then rows find it, and the second one, the scores."""
    picture, scores = load_i64(arguments, 0), load_i64(arguments, 1)
    fits = alike(picture, load_i64(control, Place.WANTED))
    if fits:
        store_i64(load_i64(control, Place.PICTURE), 0, load_i64(picture, DATA))
        store_i64(load_i64(control, Place.SCORES), 0, load_i64(scores, DATA))
    return fits


@method_kernel
def alone(control, arguments, _):
    """Of the control block, for (picture, scores): fills the scores and gives them; None for any other object."""
    control = load_i64(control, DATA)
    if not bring(control, arguments):
        return owned(load_i64(control, Place.NONE))
    through(load_i64(control, Place.ROWS), load_i64(control, Place.COUNT))
    return owned(load_i64(arguments, 1))


@method_kernel
def lead(control, arguments, _):
    """The same with help, while other Python code may run."""
    control = load_i64(control, DATA)
    if not bring(control, arguments):
        return owned(load_i64(control, Place.NONE))
    state = release_python()
    atomic_store(control, Place.DONE, 0)
    for worker in range(load_i64(control, Place.HELP) + 1):
        atomic_store(load_i64(control, Place.TICKETS), 8 * worker, 0)
    requests = load_i64(control, Place.REQUESTS)
    mailboxes, count = load_i64(control, Place.ASSISTANTS), load_i64(control, Place.ASSISTANT_COUNT)
    made = submit(mailboxes, count, requests, load_i64(control, Place.HELP))
    share(control, 0)
    join(requests, made)
    resume_python(state)
    return owned(load_i64(arguments, 1))


@kernel
def assist(control, worker):
    """Take part in a picture."""
    share(control, worker)


@kernel
def features(x, w, bias, y, spans, span_count, blocks, block_count, steps, flags):
    """Products of windows with packed weights.

    For spans, blocks and steps see `LineSpan`, `WideBlock` and `WideSteps`.
    """
    x_i, x_j = load_i64(steps, WIDE_STEPS.X_I), load_i64(steps, WIDE_STEPS.X_J)
    channels, merged = load_i64(steps, WIDE_STEPS.CHANNELS), load_i64(steps, WIDE_STEPS.MERGED)
    columns = load_i64(steps, WIDE_STEPS.COLUMNS)
    for n in range(block_count):
        block = WIDE_BLOCK.SIZE * n
        sixteens, feature = load_i64(blocks, block + WIDE_BLOCK.SIXTEENS), load_i64(blocks, block + WIDE_BLOCK.FIRST)
        place = load_i64(blocks, block + WIDE_BLOCK.WEIGHTS)
        x_of_block = x + 4 * load_i64(blocks, block + WIDE_BLOCK.CHANNEL)
        w_j = channels * max(sixteens, 1) * LANES
        w_i = columns * w_j
        for s in range(span_count):
            span = spans + 8 * LINE_SPAN.SIZE * s
            taps, products = load_i64(span, LINE_SPAN.TAPS_J), channels
            first_i, first_j = load_i64(span, LINE_SPAN.FIRST_I), load_i64(span, LINE_SPAN.FIRST_J)
            if merged != 0:
                products *= taps
                taps = 1
            feature_tile(
                load_i64(span, LINE_SPAN.PIXELS), sixteens, flags,
                x_of_block + 4 * load_i64(span, LINE_SPAN.X), load_i64(span, LINE_SPAN.X_PIXEL), x_i, x_j,
                w + 4 * (place + first_i * w_i + first_j * w_j), w_i, w_j,
                load_i64(span, LINE_SPAN.TAPS_I), taps, products,
                bias + 4 * feature, y + 4 * (load_i64(span, LINE_SPAN.Y) + feature), load_i64(span, LINE_SPAN.Y_PIXEL),
                load_i64(span, LINE_SPAN.TILES), load_i64(span, LINE_SPAN.LINES),
                load_i64(span, LINE_SPAN.X_LINE), load_i64(span, LINE_SPAN.Y_LINE),
            )  # fmt: skip


@kernel
def features_in_planes(
    x, w, bias, y, blocks, block_count, rows, x_row, x_i, x_j, taps_i, taps_j, sixteens, features, most, flags
):
    """Products of windows over one channel, stride 1 along a row: y is [row][feature][sixteens of pixels].

    blocks: see `Block`. `most`: sixteens of a tile. Pixels behind the last one hold anything.
    """
    for n in range(block_count):
        size, feature = (
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FEATURES),
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FIRST),
        )
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

    Addresses of what there is not are 0, `variance` where there is no batch_norm; features that only fill up a sixteen
    get zeros.
    """
    for f in range(padded):
        factor = bits_to_f32(share) if f < features else 0.0
        offset = 0.0
        if f < features and bias != 0:
            offset = load_scalar(bias, f)
        if f < features and variance != 0:
            normal = reduce_add(1.0 / sqrt(splat(load_scalar(variance, f) + bits_to_f32(epsilon)))) / 16
            if scale != 0:
                normal = load_scalar(scale, f) * normal
            factor = factor * normal
            offset = (offset - load_scalar(mean, f)) * normal
            if shift != 0:
                offset += load_scalar(shift, f)
        store_scalar(factors, f, factor)
        store_scalar(offsets, f, offset)


@kernel
def pack_features(w, packed, places, sixteens, steps, factors):
    """Weights in the order in which tiles read them, times their feature's factor; places of none are -1 (int32)."""
    for n in range(steps):
        for f in range(sixteens * LANES):
            place = load_i32(places, n * sixteens * LANES + f)
            store_scalar(
                packed, n * sixteens * LANES + f, load_scalar(w, place) * load_scalar(factors, f) if place >= 0 else 0.0
            )


@kernel
def load_values_of_one(picture, x, rows, size, x_row):
    """Network values in rows of `size`; behind the end of a row come zeros as far as its last sixteen goes."""
    for i in range(rows):
        for n in range(0, size, LANES):
            store(x + 4 * (i * x_row + n), 0, load_first(picture, i * size + n, size - n))


@kernel
def load_raw_of_one(picture, x, rows, size, x_row, factors, offsets, period, row_step):
    """The same of raw bytes; a row's factors and offsets begin `row_step` sixteens on, and repeat after `period`."""
    for i in range(rows):
        c = i * row_step
        for n in range(0, size, LANES):
            place, values = x + 4 * (i * x_row + n), splat(0.0)
            if i * size + n + LANES <= rows * size:
                values = load_bytes(picture, i * size + n)
            else:
                # not a byte behind the picture is touched
                for k in range(size - n):
                    store_scalar(place, k, load_u8(picture, i * size + n + k))
                values = load(place, 0)
            values = fma(values, load(factors, c), load(offsets, c))
            store(place, 0, select(lane_mask(size - n) > 0.0, values, splat(0.0)))
            c = c + 1 if c + 1 < period else 0


@kernel
def respace(x, x_pixel, y, y_pixel, pixels, channels):
    """The same pixels, at another distance."""
    for p in range(pixels):
        for c in range(channels):
            store_scalar(y, p * y_pixel + c, load_scalar(x, p * x_pixel + c))
