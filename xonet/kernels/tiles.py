"""The register tiles for groups of pictures, written out as LLVM IR: sums that stay in registers while they grow.

Numba's own vectoriser cannot be relied on here (no SLP, alias checks, signed indices), so the blocks are spelled out.
Every product is added by `llvm.fmuladd` in a fixed order: results depend neither on an optimiser's mood nor on the
block's size.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from xonet.kernels import ACCUMULATE, RELU
from xonet.kernels.ir_parts import (
    F32,
    I32,
    I64,
    MASK,
    V16,
    VOID,
    Loop,
    Strides,
    expect,
    first,
    internal,
    intrinsic,
    lane_sum,
    merge_if,
    pointer,
    products,
    rectified,
    splat,
    vector_at,
)

ARGUMENTS = {
    "xonet.tile": [F32, *[I64] * 19],
    "xonet.packed": [F32, *[I64] * 15],
    "xonet.batch": [I64] * 12,
    "xonet.outer": [F32, *[I64] * 10],
    "xonet.features": [I64] * 18,
    "xonet.planes": [I64] * 13,
    "xonet.window": [I64] * 10,
    "xonet.window_weights": [I64] * 8,
}
"""What each kind of tile takes, behind the two numbers of its size."""


def declare(module: Any, name: str) -> Any:
    """A kind of tile, which lives in an object of its own (see `compiling`)."""
    if name not in module.globals:
        ir.Function(module, ir.FunctionType(VOID, [I64, I64, *ARGUMENTS[name]]), name)
    return module.globals[name]


def packed_function(module: Any, rows: int, pixels: int) -> Any:
    """The forward tile, on weights packed in its order: `rows` × `pixels` sixteens, `blocks` times along a row.

    For r < rows, p < pixels, in block q:
    sum[r, p] = Σ over i, j, k: w[i·w_i + j·w_j + k·rows + r] · x[(q·pixels + p)·x_pixel + i·x_i + j·x_j + 16·k + lane];
    y[(q·pixels + p)·y_pixel + 16·r + lane] = scale · sum + bias[r], not below zero if so flagged. In float32.
    """
    name = f"xonet.packed.{rows}.{pixels}"
    function = internal(module, name, ARGUMENTS["xonet.packed"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    (scale, flags, w, w_i, w_j, x, x_pixel, x_i, x_j, count_i, count_j, count_k, bias, y, y_pixel, blocks) = (
        function.args
    )
    over = Loop(b, blocks, [])
    step = b.mul(over.index, I64(4 * pixels))
    strides = Strides(I64(1), I64(rows), w_i, w_j, x_pixel, I64(16), x_i, x_j)
    y = b.add(y, b.mul(step, y_pixel))
    offsets = [b.add(I64(16 * r), b.mul(y_pixel, I64(p))) for r in range(rows) for p in range(pixels)]
    for offset in offsets:
        expect(b, pointer(b, y, offset))
    sums = products(b, rows, pixels, w, b.add(x, b.mul(step, x_pixel)), strides, (count_i, count_j, count_k))
    sums = _scaled(b, sums, scale, bias, pixels)
    sums = merge_if(b, b.icmp_signed("!=", b.and_(flags, I64(RELU)), I64(0)), sums, lambda values: rectified(b, values))
    for value, offset in zip(sums, offsets, strict=True):
        b.store(value, vector_at(b, y, offset), align=4)
    over.close([])
    b.ret_void()
    return function


def tile_function(module: Any, rows: int, pixels: int) -> Any:
    """The general tile: `rows` × `pixels` sixteens, weights and values any way apart.

    For r < rows, p < pixels:
    sum[r, p] = Σ over i, j, k: w[r·w_row + i·w_i + j·w_j + k·w_step] · x[p·x_pixel + i·x_i + j·x_j + k·x_step + lane];
    y[r·y_row + p·y_pixel + lane] = scale · sum + bias[r] (+ y itself) (not below zero), as the flags say.
    Offsets count float32. Only the first `valid` lanes of the last pixel are stored.
    """
    name = f"xonet.tile.{rows}.{pixels}"
    function = internal(module, name, ARGUMENTS["xonet.tile"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    (scale, flags, w, w_row, w_step, w_i, w_j, x, x_pixel, x_step, x_i, x_j,
     count_i, count_j, count_k, bias, y, y_row, y_pixel, valid) = function.args  # fmt: skip
    strides = Strides(w_row, w_step, w_i, w_j, x_pixel, x_step, x_i, x_j)
    sums = products(b, rows, pixels, w, x, strides, (count_i, count_j, count_k))
    sums = _scaled(b, sums, scale, bias, pixels)
    offsets = [b.add(b.mul(y_row, I64(r)), b.mul(y_pixel, I64(p))) for r in range(rows) for p in range(pixels)]
    mask = first(b, valid)
    masks = [mask if n % pixels == pixels - 1 else ir.Constant(MASK, [1] * 16) for n in range(rows * pixels)]
    zero = ir.Constant(V16, [0.0] * 16)
    get = intrinsic(module, "llvm.masked.load.v16f32.p0", V16, [V16.as_pointer(), I32, MASK, V16])
    set_ = intrinsic(module, "llvm.masked.store.v16f32.p0", VOID, [V16, V16.as_pointer(), I32, MASK])

    def accumulated(values: list[Any]) -> list[Any]:
        old = [b.call(get, [vector_at(b, y, o), I32(4), m, zero]) for o, m in zip(offsets, masks, strict=True)]
        return [b.fadd(value, was) for value, was in zip(values, old, strict=True)]

    sums = merge_if(b, b.icmp_signed("!=", b.and_(flags, I64(ACCUMULATE)), I64(0)), sums, accumulated)
    sums = merge_if(b, b.icmp_signed("!=", b.and_(flags, I64(RELU)), I64(0)), sums, lambda values: rectified(b, values))
    with b.if_else(b.icmp_signed("==", valid, I64(16))) as (then, otherwise):
        with then:
            for value, offset in zip(sums, offsets, strict=True):
                b.store(value, vector_at(b, y, offset), align=4)
        with otherwise:
            for value, offset, m in zip(sums, offsets, masks, strict=True):
                b.call(set_, [value, vector_at(b, y, offset), I32(4), m])
    b.ret_void()
    return function


def batch_function(module: Any, rows: int, pixels: int) -> Any:
    """Tiles one behind the other, each with weights and values of its own: products of many small matrices.

    For q < times, r < rows, p < pixels: y[q·y_next + p·y_pixel + 16·r + lane] =
    Σ over k < count of w[q·w_next + r·w_row + k·w_step] · x[q·x_next + p·x_pixel + 16·k + lane]. In float32.
    """
    function = internal(module, f"xonet.batch.{rows}.{pixels}", ARGUMENTS["xonet.batch"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    w, w_row, w_step, w_next, x, x_pixel, x_next, count, y, y_pixel, y_next, times = function.args
    over = Loop(b, times, [])
    w, x, y = (
        b.add(base, b.mul(over.index, b.mul(step, I64(4)))) for base, step in ((w, w_next), (x, x_next), (y, y_next))
    )
    none = I64(0)
    strides = Strides(w_row, w_step, none, none, x_pixel, I64(16), none, none)
    sums = products(b, rows, pixels, w, x, strides, (I64(1), I64(1), count))
    for n, value in enumerate(sums):
        b.store(value, vector_at(b, y, b.add(I64(16 * (n // pixels)), b.mul(y_pixel, I64(n % pixels)))), align=4)
    over.close([])
    b.ret_void()
    return function


def _scaled(b: Any, sums: list[Any], scale: Any, bias: Any, pixels: int) -> list[Any]:
    """The sums times the scale, plus the bias of their row where there is one."""

    def found(rows: list[Any]) -> list[Any]:
        return [splat(b, b.load(pointer(b, bias, I64(r)), align=4)) for r in range(len(rows))]

    shifts = merge_if(
        b, b.icmp_signed("!=", bias, I64(0)), [ir.Constant(V16, [0.0] * 16)] * (len(sums) // pixels), found
    )
    scales, fma = splat(b, scale), intrinsic(b.module, "llvm.fmuladd.v16f32", V16, [V16] * 3)
    return [b.call(fma, [value, scales, shifts[n // pixels]]) for n, value in enumerate(sums)]


def outer_function(module: Any, rows: int, taps: int) -> Any:
    """The sister tile.

    For r < rows, t < taps:
    y[r·y_row + t] += scale · Σ over i, j, lane of g[i·g_i + j·g_j + r·16 + lane] · x[i·x_i + j·x_j + t·16 + lane].
    """
    name = f"xonet.outer.{rows}.{taps}"
    function = internal(module, name, ARGUMENTS["xonet.outer"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    scale, g, g_i, g_j, x, x_i, x_j, count_i, count_j, y, y_row = function.args
    fma = intrinsic(module, "llvm.fmuladd.v16f32", V16, [V16] * 3)
    over_i = Loop(b, count_i, [ir.Constant(V16, [0.0] * 16)] * (rows * taps))
    g_at, x_at = (pointer(b, base, b.mul(over_i.index, step)) for base, step in ((g, g_i), (x, x_i)))
    over_j = Loop(b, count_j, over_i.carried)
    g_at, x_at = b.gep(g_at, [b.mul(over_j.index, g_j)]), b.gep(x_at, [b.mul(over_j.index, x_j)])

    def sixteen(base: Any, number: int) -> Any:
        return b.load(b.bitcast(b.gep(base, [I64(16 * number)]), V16.as_pointer()), align=4)

    gs, xs = [sixteen(g_at, r) for r in range(rows)], [sixteen(x_at, t) for t in range(taps)]
    sums = [b.call(fma, [gs[r], xs[t], over_j.carried[r * taps + t]]) for r in range(rows) for t in range(taps)]
    sums = over_i.close(over_j.close(sums))
    for r in range(rows):
        for t in range(taps):
            place = pointer(b, y, b.add(b.mul(y_row, I64(r)), I64(t)))
            value = b.fmul(scale, lane_sum(b, sums[r * taps + t]))
            b.store(b.fadd(b.load(place, align=4), value), place, align=4)
    b.ret_void()
    return function
