"""Kernels of layers that multiply by weights: they walk tables of register tiles that were laid out beforehand.

Forward and the gradient of the input are one kernel, `conv_forward`, on other tables (`xonet.layers._tables`); dense
layers need no tables.
"""

from __future__ import annotations

from xonet.kernels import (
    ACCUMULATE,
    LANES,
    bits_to_f32,
    helper,
    kernel,
    load,
    load_first,
    load_i64,
    load_scalar,
    packed_tile,
    reduce_add,
    splat,
    store,
    store_scalar,
    tile,
    transpose,
    weight_gradient,
)
from xonet.kernels.tables import BLOCK, PACKED_BLOCK, SPAN, STEPS, TERM, VISIT, WIDE_TERM


@kernel
def conv_forward(x, w, bias, y, rows, row_count, spans, span_count, blocks, block_count, steps, scale, flags):
    """Products of windows with packed weights, for one group.

    rows: a `Visit` for each row of y; for spans, blocks and steps see `Span`, `PackedBlock` and `Steps`.
    """
    y_row, x_row = load_i64(steps, STEPS.Y_ROW), load_i64(steps, STEPS.X_ROW)
    x_i, x_j = load_i64(steps, STEPS.X_I), load_i64(steps, STEPS.X_J)
    channels, merged = load_i64(steps, STEPS.CHANNELS), load_i64(steps, STEPS.MERGED)
    next_i, next_j = load_i64(steps, STEPS.NEXT_I), load_i64(steps, STEPS.NEXT_J)
    scale = bits_to_f32(scale)
    for i in range(row_count):
        x_of_i = x + 4 * load_i64(rows, VISIT.SIZE * i + VISIT.SOURCE) * x_row
        taps_i, first_i = load_i64(rows, VISIT.SIZE * i + VISIT.TAPS), load_i64(rows, VISIT.SIZE * i + VISIT.FIRST)
        for s in range(span_count):
            span = spans + 8 * SPAN.SIZE * s
            pixels, taps_j, first_j = load_i64(span, SPAN.PIXELS), load_i64(span, SPAN.TAPS), load_i64(span, SPAN.FIRST)
            products = channels
            if merged != 0:
                products *= taps_j
                taps_j = 1
            y_at = y + 4 * (i * y_row + load_i64(span, SPAN.Y))
            x_at = x_of_i + 4 * load_i64(span, SPAN.X)
            y_pixel, x_pixel = load_i64(span, SPAN.Y_PIXEL), load_i64(span, SPAN.X_PIXEL)
            tiles = load_i64(span, SPAN.TILES)
            for n in range(block_count):
                block = blocks + 8 * PACKED_BLOCK.SIZE * n
                feature = load_i64(block, PACKED_BLOCK.FIRST)
                w_i, w_j = load_i64(block, PACKED_BLOCK.ROW), load_i64(block, PACKED_BLOCK.COLUMN)
                packed_tile(
                    load_i64(block, PACKED_BLOCK.FEATURES), pixels, scale, flags,
                    w + 4 * (load_i64(block, PACKED_BLOCK.WEIGHTS) + first_i * w_i + first_j * w_j),
                    w_i * next_i, w_j * next_j,
                    x_at + 4 * load_i64(block, PACKED_BLOCK.X), x_pixel, x_i, x_j,
                    taps_i, taps_j, products,
                    bias + 4 * feature if bias != 0 else 0,
                    y_at + 64 * feature, y_pixel, tiles,
                )  # fmt: skip


@kernel
def dense_forward(x, w, bias, y, blocks, block_count, w_row, w_step, inputs, scale, flags):
    """Products of all values with weights as they lie, for one group; blocks: see `Block`."""
    for n in range(block_count):
        rows, feature = (
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FEATURES),
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FIRST),
        )
        tile(
            rows, 1, bits_to_f32(scale), flags,
            w + 4 * feature * w_row, w_row, w_step, 0, 0,
            x, 0, LANES, 0, 0,
            1, 1, inputs,
            bias + 4 * feature if bias != 0 else 0,
            y + 64 * feature, LANES, 0, LANES,
        )  # fmt: skip


@kernel
def gradient_of_weights(g, x, dw, terms, count, g_i, g_j, x_i, x_j, dw_row, scale):
    """Adds to dw what each `Term` gives."""
    scale = bits_to_f32(scale)
    for n in range(count):
        term = terms + 8 * TERM.SIZE * n
        weight_gradient(
            load_i64(term, TERM.FEATURES), load_i64(term, TERM.TAPS), scale,
            g + 4 * load_i64(term, TERM.G), g_i, g_j, x + 4 * load_i64(term, TERM.X), x_i, x_j,
            load_i64(term, TERM.ROWS), load_i64(term, TERM.COLUMNS), dw + 4 * load_i64(term, TERM.DW), dw_row,
        )  # fmt: skip


@helper
def lane_by_lane(x, transposed, count, stride):
    """`count` sixteens, one behind the other, to sixteen rows of `count` values, `stride` values apart."""
    whole = count // LANES * LANES
    for first in range(0, whole, LANES):
        transpose(x + 64 * first, LANES, transposed + 4 * first, stride)
    for n in range(whole, count):
        for lane in range(LANES):
            store_scalar(transposed, lane * stride + n, load_scalar(x, n * LANES + lane))


@kernel
def transpose_channels(x, transposed, pixels, channels):
    """[pixel][channel][16 lanes] to [pixel][16 lanes][channel]."""
    for p in range(pixels):
        lane_by_lane(x + 64 * p * channels, transposed + 64 * p * channels, channels, channels)


@kernel
def gradient_of_wide_weights(g, transposed, dw, terms, count, g_i, g_j, x_i, x_j, x_step, dw_row, scale):
    """The same as `gradient_of_weights` for many channels, where `transposed` holds sixteen of them side by side.

    Products are summed over rows, columns and lanes in the forward tile, features against channels: far fewer bytes a
    product than `weight_gradient` needs. For terms see `WideTerm`, whose x is `transposed`.
    """
    scale = bits_to_f32(scale)
    for n in range(count):
        term = terms + 8 * WIDE_TERM.SIZE * n
        tile(
            load_i64(term, WIDE_TERM.FEATURES), load_i64(term, WIDE_TERM.SIXTEENS), scale, ACCUMULATE,
            g + 4 * load_i64(term, WIDE_TERM.G), LANES, 1, g_i, g_j,
            transposed + 4 * load_i64(term, WIDE_TERM.X), LANES, x_step, x_i, x_j,
            load_i64(term, WIDE_TERM.ROWS), load_i64(term, WIDE_TERM.COLUMNS), LANES,
            0, dw + 4 * load_i64(term, WIDE_TERM.DW), dw_row, LANES, load_i64(term, WIDE_TERM.LAST),
        )  # fmt: skip


@kernel
def gradient_of_bias(g, db, pixels, features, g_pixel):
    """Adds to db the sum of g over pixels, `g_pixel` sixteens apart, and lanes."""
    for f in range(features):
        sums = splat(0.0)
        for p in range(pixels):
            sums = sums + load(g, p * g_pixel + f)
        store_scalar(db, f, load_scalar(db, f) + reduce_add(sums))


@kernel
def pack(w, packed, places, count, scale):
    """Weights in the order in which tiles read them: packed[n] = scale · w[places[n]]."""
    scale = bits_to_f32(scale)
    for n in range(count):
        store_scalar(packed, n, scale * load_scalar(w, load_i64(places, n)))


@kernel
def pack_with_factors(w, packed, places, count, factors, steps):
    """The same, each feature's `steps` weights times the feature's own factor."""
    for n in range(count):
        place = load_i64(places, n)
        store_scalar(packed, n, load_scalar(w, place) * load_scalar(factors, place // steps))


@kernel
def gradient_of_dense(g, x, dw, flipped, units, inputs, blocks, block_count, pixels, scale):
    """Adds to dw (units, inputs) the products of g (units, 16) and x (inputs, 16), summed over lanes.

    x is first laid lane by lane into `flipped`, so that sixteen inputs stand side by side as pictures do elsewhere.
    blocks: see `Block`; `pixels` of the widest tile.
    """
    scale = bits_to_f32(scale)
    stride = (inputs + 15) // 16 * 16
    lane_by_lane(x, flipped, inputs, stride)
    for n in range(block_count):
        rows, unit = load_i64(blocks, BLOCK.SIZE * n + BLOCK.FEATURES), load_i64(blocks, BLOCK.SIZE * n + BLOCK.FIRST)
        for k in range(0, inputs, 16 * pixels):
            sixteens = min(pixels, (inputs - k + 15) // 16)
            tile(
                rows, sixteens, scale, ACCUMULATE,
                g + 64 * unit, 16, 1, 0, 0,
                flipped + 4 * k, 16, stride, 0, 0,
                1, 1, 16, 0,
                dw + 4 * (unit * inputs + k), inputs, 16, min(16, inputs - k - 16 * (sixteens - 1)),
            )  # fmt: skip


@kernel
def dense_forward_of_groups(x, w, bias, y, blocks, block_count, inputs, scale, flags, groups, stride, pixels):
    """`dense_forward` for all groups of a step, `stride` bytes from one's values to the next's: weights are read once.

    `pixels` of the widest tile: so many groups are computed together.
    """
    for n in range(block_count):
        rows, feature = (
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FEATURES),
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FIRST),
        )
        for group in range(0, groups, pixels):
            tile(
                rows, min(pixels, groups - group), bits_to_f32(scale), flags,
                w + 4 * feature * inputs, inputs, 1, 0, 0,
                x + group * stride, stride // 4, LANES, 0, 0,
                1, 1, inputs,
                bias + 4 * feature if bias != 0 else 0,
                y + group * stride + 64 * feature, LANES, stride // 4, LANES,
            )  # fmt: skip


@kernel
def dense_input_gradient_of_groups(g, w, dx, blocks, block_count, packed, inputs, units, scale, groups, stride, pixels):
    """The gradient of the input for all groups: products of g with the columns of w (units, inputs).

    blocks: of inputs. Their columns are laid beside each other in `packed` first, as they lie far apart.
    """
    last = blocks + 8 * BLOCK.SIZE * (block_count - 1)
    begin, end = load_i64(blocks, BLOCK.FIRST), load_i64(last, BLOCK.FEATURES) + load_i64(last, BLOCK.FIRST)
    sixteens = (end - begin + 15) // 16
    for u in range(units):
        for i in range(sixteens):
            place = begin + 16 * i
            store(packed, u * sixteens + i, load_first(w, u * inputs + place, min(16, inputs - place)))
    for n in range(block_count):
        columns, first = (
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FEATURES),
            load_i64(blocks, BLOCK.SIZE * n + BLOCK.FIRST),
        )
        for group in range(0, groups, pixels):
            tile(
                columns, min(pixels, groups - group), bits_to_f32(scale), 0,
                packed + 4 * (first - begin), 1, 16 * sixteens, 0, 0,
                g + group * stride, stride // 4, LANES, 0, 0,
                1, 1, units,
                0, dx + group * stride + 64 * first, LANES, stride // 4, LANES,
            )  # fmt: skip


@kernel
def lay_lane_by_lane(x, flipped, count):
    """`count` sixteens to sixteen rows of as many values, filled up to sixteens."""
    lane_by_lane(x, flipped, count, (count + 15) // 16 * 16)


@kernel
def gradient_of_dense_of_groups(g, flipped, dw, inputs, blocks, block_count, pixels, scale, groups, stride):
    """`gradient_of_dense` for all groups of a step: dw is written, not added to. `flipped`: by `lay_lane_by_lane`."""
    lane = (inputs + 15) // 16 * 16
    for n in range(block_count):
        rows, unit = load_i64(blocks, BLOCK.SIZE * n + BLOCK.FEATURES), load_i64(blocks, BLOCK.SIZE * n + BLOCK.FIRST)
        for k in range(0, inputs, 16 * pixels):
            sixteens = min(pixels, (inputs - k + 15) // 16)
            tile(
                rows, sixteens, bits_to_f32(scale), 0,
                g + 64 * unit, 16, 1, stride // 4, 0,
                flipped + 4 * k, 16, lane, stride // 4, 0,
                groups, 1, 16, 0,
                dw + 4 * (unit * inputs + k), inputs, 16, min(16, inputs - k - 16 * (sixteens - 1)),
            )  # fmt: skip


@helper
def clear(y, count):
    """Zeros."""
    for i in range(count):
        store(y, i, splat(0.0))
