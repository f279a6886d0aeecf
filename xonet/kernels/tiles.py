"""The register tiles for groups of pictures, written out as LLVM IR: sums that stay in registers while they grow.

Numba's own vectoriser cannot be relied on here (no SLP, alias checks, signed indices), so the blocks are spelled out.
Every product is added by `llvm.fmuladd` in a fixed order: results depend neither on an optimiser's mood nor on the
block's size.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from llvmlite import ir

from xonet.kernels import ACCUMULATE, RELU

F32, I32, I64, VOID = ir.FloatType(), ir.IntType(32), ir.IntType(64), ir.VoidType()
V16 = ir.VectorType(F32, 16)
MASK = ir.VectorType(ir.IntType(1), 16)


class Loop:
    """A counting loop with values carried from round to round; `count` may be 0."""

    def __init__(self, builder: Any, count: Any, carried: list[Any]) -> None:
        self.builder, self.count = builder, count
        before = builder.block
        function = builder.function
        self.body, self.after = function.append_basic_block("loop"), function.append_basic_block("after")
        builder.cbranch(builder.icmp_signed(">", count, I64(0)), self.body, self.after)
        self.entry = (before, carried)
        builder.position_at_end(self.body)
        self.index = builder.phi(I64)
        self.index.add_incoming(I64(0), before)
        self.carried = []
        for value in carried:
            phi = builder.phi(value.type)
            phi.add_incoming(value, before)
            self.carried.append(phi)

    def close(self, values: list[Any]) -> list[Any]:
        """End the body; `values` are carried on. Gives the values after the last round."""
        builder = self.builder
        following = builder.add(self.index, I64(1))
        end = builder.block
        self.index.add_incoming(following, end)
        for phi, value in zip(self.carried, values, strict=True):
            phi.add_incoming(value, end)
        builder.cbranch(builder.icmp_signed("<", following, self.count), self.body, self.after)
        builder.position_at_end(self.after)
        results = []
        before, carried = self.entry
        for first, value in zip(carried, values, strict=True):
            phi = builder.phi(value.type)
            phi.add_incoming(first, before)
            phi.add_incoming(value, end)
            results.append(phi)
        return results


def intrinsic(module: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    """An LLVM intrinsic, declared once a module."""
    if name not in module.globals:
        ir.Function(module, ir.FunctionType(result, arguments), name)
    return module.globals[name]


def splat(b: Any, scalar: Any) -> Any:
    """A scalar in all sixteen places."""
    one = b.insert_element(ir.Constant(V16, ir.Undefined), scalar, I32(0))
    return b.shuffle_vector(one, ir.Constant(V16, ir.Undefined), ir.Constant(ir.VectorType(I32, 16), [0] * 16))


def first(b: Any, count: Any) -> Any:
    """Whether each of sixteen places is one of the first `count`."""
    places = ir.Constant(ir.VectorType(I32, 16), list(range(16)))
    undefined = ir.Constant(places.type, ir.Undefined)
    wide = b.insert_element(undefined, b.trunc(count, I32), I32(0))
    return b.icmp_signed("<", places, b.shuffle_vector(wide, undefined, ir.Constant(places.type, [0] * 16)))


def shuffled(b: Any, x: Any, y: Any, places: Iterable[int]) -> Any:
    """The values at some places of x, and of y behind it."""
    order = list(places)
    return b.shuffle_vector(x, y, ir.Constant(ir.VectorType(I32, len(order)), order))


def pointer(b: Any, address: Any, offset: Any, kind: Any = F32) -> Any:
    """A pointer `offset` values behind an address in bytes."""
    return b.gep(b.inttoptr(address, kind.as_pointer()), [offset])


def vector_at(b: Any, address: Any, offset: Any) -> Any:
    """A pointer to sixteen values, `offset` float32 behind an address."""
    return b.bitcast(pointer(b, address, offset), V16.as_pointer())


def expect(b: Any, place: Any) -> None:
    """Have the cache line of a place fetched, which will be written to by and by; nothing waits for it until then."""
    kind = ir.IntType(8).as_pointer()
    function = intrinsic(b.module, "llvm.prefetch.p0", VOID, [kind, I32, I32, I32])
    b.call(function, [b.bitcast(place, kind), I32(1), I32(3), I32(1)])


def lane_sum(b: Any, vector: Any) -> Any:
    """The sum of sixteen, halves onto halves."""
    undefined = ir.Constant(V16, ir.Undefined)
    for half in (8, 4, 2, 1):
        order = [i + half if i < half else i for i in range(16)]
        moved = b.shuffle_vector(vector, undefined, ir.Constant(ir.VectorType(I32, 16), order))
        vector = b.fadd(vector, moved)
    return b.extract_element(vector, I32(0))


def turn_block(b: Any, x: Any, x_row: Any, y: Any, y_row: Any) -> None:
    """Sixteen rows of sixteen become columns: halves change places, then quarters, eighths, and single values."""
    rows = [b.load(vector_at(b, x, b.mul(x_row, I64(r))), align=4) for r in range(16)]
    for half in (8, 4, 2, 1):
        upper = [i if not i & half else i - half + 16 for i in range(16)]
        lower = [i + half if not i & half else i + 16 for i in range(16)]
        orders = [ir.Constant(ir.VectorType(I32, 16), order) for order in (upper, lower)]
        for r in range(16):
            if not r & half:
                pair = rows[r], rows[r + half]
                rows[r], rows[r + half] = (b.shuffle_vector(*pair, order) for order in orders)
    for r in range(16):
        b.store(rows[r], vector_at(b, y, b.mul(y_row, I64(r))), align=4)


def internal(module: Any, name: str, arguments: list[Any]) -> Any:
    """A function of the module that only its own code calls."""
    function = ir.Function(module, ir.FunctionType(VOID, arguments), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    return function


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


class Strides(NamedTuple):
    """By how many float32 the tiles' weights and values lie apart."""

    w_row: Any
    w_step: Any
    w_i: Any
    w_j: Any
    x_pixel: Any
    x_step: Any
    x_i: Any
    x_j: Any


def products(
    b: Any, rows: int, pixels: int, w: Any, x: Any, by: Strides, counts: tuple[Any, Any, Any],
    begin: list[Any] | None = None,
) -> list[Any]:  # fmt: skip
    """The sums of products, row by row, from zeros or as they begin: they stay in registers over the three loops."""
    fma = intrinsic(b.module, "llvm.fmuladd.v16f32", V16, [V16] * 3)
    over_i = Loop(b, counts[0], begin or [ir.Constant(V16, [0.0] * 16)] * (rows * pixels))
    w_of_i, x_of_i = b.mul(over_i.index, by.w_i), b.mul(over_i.index, by.x_i)
    over_j = Loop(b, counts[1], over_i.carried)
    w_at = pointer(b, w, b.add(w_of_i, b.mul(over_j.index, by.w_j)))
    x_at = pointer(b, x, b.add(x_of_i, b.mul(over_j.index, by.x_j)))
    w_rows = [b.gep(w_at, [b.mul(by.w_row, I64(r))]) for r in range(rows)]
    x_pixels = [b.gep(x_at, [b.mul(by.x_pixel, I64(p))]) for p in range(pixels)]
    over_k = Loop(b, counts[2], over_j.carried)
    w_of_k, x_of_k = b.mul(over_k.index, by.w_step), b.mul(over_k.index, by.x_step)
    xs = [b.load(b.bitcast(b.gep(at, [x_of_k]), V16.as_pointer()), align=4) for at in x_pixels]
    sums = []
    for r in range(rows):
        weight = splat(b, b.load(b.gep(w_rows[r], [w_of_k]), align=4))
        sums += [b.call(fma, [weight, xs[p], over_k.carried[r * pixels + p]]) for p in range(pixels)]
    return over_i.close(over_j.close(over_k.close(sums)))


def _scaled(b: Any, sums: list[Any], scale: Any, bias: Any, pixels: int) -> list[Any]:
    """The sums times the scale, plus the bias of their row where there is one."""

    def found(rows: list[Any]) -> list[Any]:
        return [splat(b, b.load(pointer(b, bias, I64(r)), align=4)) for r in range(len(rows))]

    shifts = merge_if(
        b, b.icmp_signed("!=", bias, I64(0)), [ir.Constant(V16, [0.0] * 16)] * (len(sums) // pixels), found
    )
    scales, fma = splat(b, scale), intrinsic(b.module, "llvm.fmuladd.v16f32", V16, [V16] * 3)
    return [b.call(fma, [value, scales, shifts[n // pixels]]) for n, value in enumerate(sums)]


def rectified(b: Any, values: list[Any]) -> list[Any]:
    """Nothing below zero; what is no number stays none."""
    zero = ir.Constant(V16, [0.0] * 16)
    return [b.select(b.fcmp_ordered("<", value, zero), zero, value) for value in values]


def merge_if(b: Any, condition: Any, values: list[Any], change: Any) -> list[Any]:
    """`change(values)` where the condition holds."""
    before = b.block
    with b.if_then(condition):
        changed = change(values)
        inside = b.block
    merged = []
    for old, new in zip(values, changed, strict=True):
        phi = b.phi(old.type)
        phi.add_incoming(old, before)
        phi.add_incoming(new, inside)
        merged.append(phi)
    return merged


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
