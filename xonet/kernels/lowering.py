"""What the words of `xonet.kernels` mean to Numba. Read only where a kernel has to be compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.extending import overload

from xonet import kernels
from xonet.kernels import feature_tiles, ir_parts, tiles
from xonet.kernels import lowering_threads as _  # noqa: F401  (gives its words their meaning)
from xonet.kernels.ir_parts import F32, I32, I64, MASK, V16, intrinsic, pointer, splat, vector_at
from xonet.kernels.lane_types import f32, i64, lane_mask, lanes, word

INTS = ir.VectorType(I32, 16)
"""Sixteen int32."""


@word(kernels.load, lanes, i64, i64)
def _load(b: Any, address: Any, index: Any) -> Any:
    return b.load(vector_at(b, address, b.mul(index, I64(16))), align=4)


@word(kernels.store, types.void, i64, i64, lanes)
def _store(b: Any, address: Any, index: Any, value: Any) -> Any:
    b.store(value, vector_at(b, address, b.mul(index, I64(16))), align=4)


@word(kernels.splat, lanes, f32)
def _splat(b: Any, value: Any) -> Any:
    return splat(b, value)


@word(kernels.load_scalar, f32, i64, i64)
def _at(b: Any, address: Any, index: Any) -> Any:
    return b.load(pointer(b, address, index), align=4)


@word(kernels.store_scalar, types.void, i64, i64, f32)
def _put(b: Any, address: Any, index: Any, value: Any) -> Any:
    b.store(value, pointer(b, address, index), align=4)


@word(kernels.load_u8, i64, i64, i64)
def _byte_at(b: Any, address: Any, index: Any) -> Any:
    return b.zext(b.load(pointer(b, address, index, ir.IntType(8)), align=1), I64)


@word(kernels.load_first, lanes, i64, i64, i64)
def _load_first(b: Any, address: Any, index: Any, count: Any) -> Any:
    place = b.bitcast(pointer(b, address, index), V16.as_pointer())
    get = intrinsic(b.module, "llvm.masked.load.v16f32.p0", V16, [V16.as_pointer(), I32, MASK, V16])
    return b.call(get, [place, I32(4), ir_parts.first(b, count), ir.Constant(V16, [0.0] * 16)])


@word(kernels.load_bytes, lanes, i64, i64)
def _load_bytes(b: Any, address: Any, index: Any) -> Any:
    sixteen = ir.VectorType(ir.IntType(8), 16)
    found = b.load(b.bitcast(pointer(b, address, index, ir.IntType(8)), sixteen.as_pointer()), align=1)
    return b.uitofp(found, V16)


@word(kernels.load_i32, i64, i64, i64)
def _word_at(b: Any, address: Any, index: Any) -> Any:
    return b.sext(b.load(pointer(b, address, index, I32), align=4), I64)


@word(kernels.load_i64, i64, i64, i64)
def _long_at(b: Any, address: Any, index: Any) -> Any:
    return b.load(pointer(b, address, index, I64), align=8)


@word(kernels.store_i64, types.void, i64, i64, i64)
def _put_long(b: Any, address: Any, index: Any, value: Any) -> Any:
    b.store(value, pointer(b, address, index, I64), align=8)


@word(kernels.bits_to_f32, f32, i64)
def _real(b: Any, coded: Any) -> Any:
    return b.bitcast(b.trunc(coded, I32), F32)


@word(kernels.fma, lanes, lanes, lanes, lanes)
def _fma(b: Any, x: Any, y: Any, z: Any) -> Any:
    return b.call(intrinsic(b.module, "llvm.fmuladd.v16f32", V16, [V16] * 3), [x, y, z])


@word(kernels.maximum, lanes, lanes, lanes)
def _larger(b: Any, x: Any, y: Any) -> Any:
    # two instructions: the larger (y where either is no number), merged into x where that is a number
    return b.select(b.fcmp_ordered("ord", x, x), b.select(b.fcmp_ordered(">", x, y), x, y), x)


@word(kernels.deinterleave_even, lanes, lanes, lanes)
def _evens(b: Any, x: Any, y: Any) -> Any:
    return ir_parts.shuffled(b, x, y, range(0, 32, 2))


@word(kernels.deinterleave_odd, lanes, lanes, lanes)
def _odds(b: Any, x: Any, y: Any) -> Any:
    return ir_parts.shuffled(b, x, y, range(1, 32, 2))


@word(kernels.absolute, lanes, lanes)
def _absolute(b: Any, x: Any) -> Any:
    return b.call(intrinsic(b.module, "llvm.fabs.v16f32", V16, [V16]), [x])


@word(kernels.sqrt, lanes, lanes)
def _sqrt(b: Any, x: Any) -> Any:
    return b.call(intrinsic(b.module, "llvm.sqrt.v16f32", V16, [V16]), [x])


@word(kernels.reduce_add, f32, lanes)
def _total(b: Any, x: Any) -> Any:
    return ir_parts.lane_sum(b, x)


@word(kernels.lane_mask, lanes, i64)
def _first_lanes(b: Any, count: Any) -> Any:
    return b.uitofp(ir_parts.first(b, count), V16)


@word(kernels.exponent, lanes, lanes)
def _exponent(b: Any, x: Any) -> Any:
    biased = b.and_(b.lshr(b.bitcast(x, INTS), ir.Constant(INTS, [23] * 16)), ir.Constant(INTS, [255] * 16))
    return b.sitofp(b.sub(biased, ir.Constant(INTS, [127] * 16)), V16)


@word(kernels.mantissa, lanes, lanes)
def _mantissa(b: Any, x: Any) -> Any:
    digits = b.and_(b.bitcast(x, INTS), ir.Constant(INTS, [0x7FFFFF] * 16))
    return b.bitcast(b.or_(digits, ir.Constant(INTS, [0x3F800000] * 16)), V16)


@word(kernels.times_power_of_two, lanes, lanes, lanes)
def _times_power_of_two(b: Any, x: Any, exponent: Any) -> Any:
    shifted = b.shl(b.bitcast(exponent, INTS), ir.Constant(INTS, [23] * 16))
    return b.fmul(x, b.bitcast(b.add(shifted, ir.Constant(INTS, [0x3F800000] * 16)), V16))


@word(kernels.select, lanes, lane_mask, lanes, lanes)
def _select(b: Any, condition: Any, x: Any, y: Any) -> Any:
    return b.select(condition, x, y)


def _tiles(named: Callable[..., Any], name: str) -> None:
    """A word that is a call of a kind of tile."""
    arguments = (f32 if kind == F32 else i64 for kind in tiles.ARGUMENTS[name])

    @word(named, types.void, i64, i64, *arguments)
    def build(b: Any, *values: Any) -> None:
        b.call(tiles.declare(b.module, name), values)


for _named, _name in (
    (kernels.tile, "xonet.tile"),
    (kernels.packed_tile, "xonet.packed"),
    (kernels.batch_tile, "xonet.batch"),
    (kernels.feature_tile, "xonet.features"),
    (kernels.plane_tile, "xonet.planes"),
    (kernels.window_tile, "xonet.window"),
    (kernels.window_weights_tile, "xonet.window_weights"),
    (kernels.weight_gradient, "xonet.outer"),
):
    _tiles(_named, _name)


@word(kernels.transpose, types.void, *[i64] * 4)
def _turn(b: Any, *arguments: Any) -> None:
    ir_parts.transpose_block(b, *arguments)


@word(kernels.transpose_eight, types.void, *[i64] * 3)
def _turn_eight(b: Any, *arguments: Any) -> None:
    feature_tiles.transpose_eight(b, *arguments)


@word(kernels.call, types.void, i64, i64)
def _call(b: Any, address: Any, arguments: Any) -> None:
    kind = ir.FunctionType(ir_parts.VOID, [I64])
    b.call(b.inttoptr(address, kind.as_pointer()), [arguments])


_known: set[Callable[..., Any]] = set()


def register_helpers() -> None:
    """Let kernels call the functions marked as helpers so far."""
    for named, function in kernels.HELPERS.items():
        if named not in _known:
            _known.add(named)
            overload(named, strict=False)(lambda *_, function=function: function)
