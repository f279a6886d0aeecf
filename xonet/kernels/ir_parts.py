"""Pieces of LLVM IR that register tiles are put together from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from llvmlite import ir

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


def transpose_block(b: Any, x: Any, x_row: Any, y: Any, y_row: Any) -> None:
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
