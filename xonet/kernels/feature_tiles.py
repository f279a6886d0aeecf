"""The register tile for one picture, written out as LLVM IR: sixteen features stand where pictures stand elsewhere."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from xonet.kernels import RELU
from xonet.kernels.ir_parts import (
    I64,
    V16,
    Loop,
    Strides,
    internal,
    intrinsic,
    merge_if,
    pointer,
    products,
    rectified,
    shuffled,
    splat,
    vector_at,
)
from xonet.kernels.tiles import ARGUMENTS


def feature_function(module: Any, rows: int, sixteens: int) -> Any:
    """`rows` pixels × `sixteens` of features, `tiles` times along a line of pixels, on `lines` lines.

    For r < rows, s < sixteens, in tile t, with n = t·rows + r, on the first line; offsets count float32:
    sum[n, s] = Σ over i, j, k of
    x[n·x_pixel + i·x_i + j·x_j + k] · w[i·w_i + j·w_j + (k·sixteens + s)·16 + lane];
    y[n·y_pixel + 16·s + lane] = bias[16·s + lane] + sum, not below zero if so flagged.
    The next line lies x_line and y_line further on.

    With `sixteens` 0, sixteen channels stand side by side instead, and each makes a feature by itself:
    sum[n] = Σ over i, j of x[n·x_pixel + i·x_i + j·x_j + lane] · w[i·w_i + j·w_j + lane].
    """
    function = internal(module, f"xonet.features.{rows}.{sixteens}", ARGUMENTS["xonet.features"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    (flags, x, x_pixel, x_i, x_j, w, w_i, w_j, count_i, count_j, count_k,
     bias, y, y_pixel, tiles, lines, x_line, y_line) = function.args  # fmt: skip
    down = Loop(b, lines, [])
    x = b.add(x, b.mul(down.index, b.mul(I64(4), x_line)))
    y = b.add(y, b.mul(down.index, b.mul(I64(4), y_line)))
    over = Loop(b, tiles, [])
    step = b.mul(over.index, I64(4 * rows))
    strides = Strides(x_pixel, I64(1), x_i, x_j, I64(16), I64(16 * sixteens), w_i, w_j)
    x = b.add(x, b.mul(step, x_pixel))
    wide = max(sixteens, 1)
    begin = [b.load(vector_at(b, bias, I64(16 * s)), align=4) for s in range(wide)] * rows
    if not sixteens:
        sums = _each(b, rows, x, w, strides, (count_i, count_j), begin)
    else:
        sums = products(b, rows, sixteens, x, w, strides, (count_i, count_j, count_k), begin)
    negative_is_zero = b.icmp_signed("!=", b.and_(flags, I64(RELU)), I64(0))
    sums = merge_if(b, negative_is_zero, sums, lambda values: rectified(b, values))
    y = b.add(y, b.mul(step, y_pixel))
    for n, value in enumerate(sums):
        r, s = divmod(n, wide)
        b.store(value, vector_at(b, y, b.add(b.mul(y_pixel, I64(r)), I64(16 * s))), align=4)
    over.close([])
    down.close([])
    b.ret_void()
    return function


def plane_function(module: Any, rows: int, sixteens: int) -> Any:
    """`rows` features × `sixteens` of pixels beside each other, on `lines` lines of a picture of one channel.

    For r < rows, s < sixteens, on the first line; offsets count float32:
    y[r·y_row + 16·s + lane] = bias[r] + Σ over i, k of x[i·x_i + k·x_k + 16·s + lane] · w[(i·count_k + k)·rows + r],
    not below zero if so flagged. The next line lies x_line and y_line further on.
    """
    function = internal(module, f"xonet.planes.{rows}.{sixteens}", ARGUMENTS["xonet.planes"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    flags, x, x_i, x_k, w, count_i, count_k, bias, y, y_row, lines, x_line, y_line = function.args
    begin = [splat(b, b.load(pointer(b, bias, I64(r)), align=4)) for r in range(rows) for _ in range(sixteens)]
    down = Loop(b, lines, [])
    x = b.add(x, b.mul(down.index, b.mul(I64(4), x_line)))
    y = b.add(y, b.mul(down.index, b.mul(I64(4), y_line)))
    strides = Strides(I64(1), I64(rows), b.mul(I64(rows), count_k), I64(0), I64(16), x_k, x_i, I64(0))
    sums = products(b, rows, sixteens, w, x, strides, (count_i, I64(1), count_k), begin)
    negative_is_zero = b.icmp_signed("!=", b.and_(flags, I64(RELU)), I64(0))
    sums = merge_if(b, negative_is_zero, sums, lambda values: rectified(b, values))
    for n, value in enumerate(sums):
        r, s = divmod(n, sixteens)
        b.store(value, vector_at(b, y, b.add(b.mul(y_row, I64(r)), I64(16 * s))), align=4)
    down.close([])
    b.ret_void()
    return function


def transpose_eight(b: Any, x: Any, y: Any, y_pixel: Any) -> None:
    """Eight rows of sixteen, one behind the other, become columns, put one after another: they may overlap."""
    rows = [b.load(vector_at(b, x, I64(16 * r)), align=4) for r in range(8)]
    for half in (4, 2, 1):
        upper = [i if not i & half else i - half + 16 for i in range(16)]
        lower = [i + half if not i & half else i + 16 for i in range(16)]
        for r in range(8):
            if not r & half:
                pair = rows[r], rows[r + half]
                rows[r], rows[r + half] = (shuffled(b, *pair, order) for order in (upper, lower))
    for column in range(16):
        first = column // 8 * 8
        eight = shuffled(b, rows[column % 8], rows[column % 8], range(first, first + 8))
        place = pointer(b, y, b.mul(y_pixel, I64(column)))
        b.store(eight, b.bitcast(place, eight.type.as_pointer()), align=4)


def _each(b: Any, rows: int, x: Any, w: Any, by: Strides, counts: tuple[Any, Any], begin: list[Any]) -> list[Any]:
    """The sums of each channel's own products; what `by` says of w is about x, and the other way round."""
    fma = intrinsic(b.module, "llvm.fmuladd.v16f32", V16, [V16] * 3)
    over_i = Loop(b, counts[0], begin)
    w_of_i, x_of_i = b.mul(over_i.index, by.x_i), b.mul(over_i.index, by.w_i)
    over_j = Loop(b, counts[1], over_i.carried)
    weight = b.load(vector_at(b, w, b.add(w_of_i, b.mul(over_j.index, by.x_j))), align=4)
    first = pointer(b, x, b.add(x_of_i, b.mul(over_j.index, by.w_j)))
    places = [b.gep(first, [b.mul(by.w_row, I64(r))]) for r in range(rows)]
    values = [b.load(b.bitcast(place, V16.as_pointer()), align=4) for place in places]
    sums = [b.call(fma, [value, weight, sums]) for value, sums in zip(values, over_j.carried, strict=True)]
    return over_i.close(over_j.close(sums))
