"""What the words of `xonet.kernels` mean to Numba. Read only where a kernel has to be compiled."""

from __future__ import annotations

import operator
import platform
import sys
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel.models import PrimitiveModel
from numba.core.extending import register_jitable
from numba.core.imputils import lower_builtin, lower_cast
from numba.core.typing.templates import AbstractTemplate, ConcreteTemplate, infer_global, signature
from numba.extending import register_model

from xonet import kernels
from xonet.kernels import feature_tiles, tiles
from xonet.kernels.tiles import F32, I32, I64, MASK, V16, intrinsic, pointer, splat, vector_at

INTS = ir.VectorType(I32, 16)
"""Sixteen int32."""


class Lanes(types.Type):
    """Sixteen float32, the same value of sixteen pictures."""

    def __init__(self) -> None:
        super().__init__("lanes")


class LaneMask(types.Type):
    """Sixteen truth values."""

    def __init__(self) -> None:
        super().__init__("lane_mask")


lanes, lane_mask = Lanes(), LaneMask()
i64, f32 = types.int64, types.float32


@register_model(Lanes)
class LanesModel(PrimitiveModel):
    """One vector value."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, V16)


@register_model(LaneMask)
class LaneMaskModel(PrimitiveModel):
    """One vector of bits."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, MASK)


def word(function: Callable[..., Any], result: Any, *arguments: Any) -> Callable[[Any], Any]:
    """Give a word its types, and the decorated `build(builder, *values)` as its code."""

    class Typed(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            return signature(result, *arguments) if len(args) == len(arguments) else None

    infer_global(function, types.Function(type(function.__name__, (Typed,), {"key": function})))

    def define(build: Callable[..., Any]) -> Any:
        @lower_builtin(function, *arguments)
        def lower(context: Any, builder: Any, sig: Any, values: Any) -> Any:
            made = build(builder, *values)
            return context.get_dummy_value() if result is types.void else made

        return build

    return define


@word(kernels.load, lanes, i64, i64)
def _load(b: Any, address: Any, index: Any) -> Any:
    return b.load(vector_at(b, address, b.mul(index, I64(16))), align=4)


@word(kernels.store, types.void, i64, i64, lanes)
def _store(b: Any, address: Any, index: Any, value: Any) -> Any:
    b.store(value, vector_at(b, address, b.mul(index, I64(16))), align=4)


@word(kernels.splat, lanes, f32)
def _splat(b: Any, value: Any) -> Any:
    return splat(b, value)


@word(kernels.at, f32, i64, i64)
def _at(b: Any, address: Any, index: Any) -> Any:
    return b.load(pointer(b, address, index), align=4)


@word(kernels.put, types.void, i64, i64, f32)
def _put(b: Any, address: Any, index: Any, value: Any) -> Any:
    b.store(value, pointer(b, address, index), align=4)


@word(kernels.byte_at, i64, i64, i64)
def _byte_at(b: Any, address: Any, index: Any) -> Any:
    return b.zext(b.load(pointer(b, address, index, ir.IntType(8)), align=1), I64)


@word(kernels.load_first, lanes, i64, i64, i64)
def _load_first(b: Any, address: Any, index: Any, count: Any) -> Any:
    place = b.bitcast(pointer(b, address, index), V16.as_pointer())
    get = intrinsic(b.module, "llvm.masked.load.v16f32.p0", V16, [V16.as_pointer(), I32, MASK, V16])
    return b.call(get, [place, I32(4), tiles.first(b, count), ir.Constant(V16, [0.0] * 16)])


@word(kernels.load_bytes, lanes, i64, i64)
def _load_bytes(b: Any, address: Any, index: Any) -> Any:
    sixteen = ir.VectorType(ir.IntType(8), 16)
    found = b.load(b.bitcast(pointer(b, address, index, ir.IntType(8)), sixteen.as_pointer()), align=1)
    return b.uitofp(found, V16)


@word(kernels.word_at, i64, i64, i64)
def _word_at(b: Any, address: Any, index: Any) -> Any:
    return b.sext(b.load(pointer(b, address, index, I32), align=4), I64)


@word(kernels.long_at, i64, i64, i64)
def _long_at(b: Any, address: Any, index: Any) -> Any:
    return b.load(pointer(b, address, index, I64), align=8)


@word(kernels.put_long, types.void, i64, i64, i64)
def _put_long(b: Any, address: Any, index: Any, value: Any) -> Any:
    b.store(value, pointer(b, address, index, I64), align=8)


@word(kernels.real, f32, i64)
def _real(b: Any, coded: Any) -> Any:
    return b.bitcast(b.trunc(coded, I32), F32)


@word(kernels.fma, lanes, lanes, lanes, lanes)
def _fma(b: Any, x: Any, y: Any, z: Any) -> Any:
    return b.call(intrinsic(b.module, "llvm.fmuladd.v16f32", V16, [V16] * 3), [x, y, z])


@word(kernels.larger, lanes, lanes, lanes)
def _larger(b: Any, x: Any, y: Any) -> Any:
    # two instructions: the larger (y where either is no number), merged into x where that is a number
    return b.select(b.fcmp_ordered("ord", x, x), b.select(b.fcmp_ordered(">", x, y), x, y), x)


@word(kernels.evens, lanes, lanes, lanes)
def _evens(b: Any, x: Any, y: Any) -> Any:
    return tiles.shuffled(b, x, y, range(0, 32, 2))


@word(kernels.odds, lanes, lanes, lanes)
def _odds(b: Any, x: Any, y: Any) -> Any:
    return tiles.shuffled(b, x, y, range(1, 32, 2))


@word(kernels.sqrt, lanes, lanes)
def _sqrt(b: Any, x: Any) -> Any:
    return b.call(intrinsic(b.module, "llvm.sqrt.v16f32", V16, [V16]), [x])


@word(kernels.nearest, lanes, lanes)
def _nearest(b: Any, x: Any) -> Any:
    return b.call(intrinsic(b.module, "llvm.rint.v16f32", V16, [V16]), [x])


@word(kernels.total, f32, lanes)
def _total(b: Any, x: Any) -> Any:
    return tiles.lane_sum(b, x)


@word(kernels.first_lanes, lanes, i64)
def _first_lanes(b: Any, count: Any) -> Any:
    return b.uitofp(tiles.first(b, count), V16)


@word(kernels.times_power_of_two, lanes, lanes, lanes)
def _times_power_of_two(b: Any, x: Any, exponent: Any) -> Any:
    biased = b.add(b.fptosi(exponent, INTS), ir.Constant(INTS, [127] * 16))
    return b.fmul(x, b.bitcast(b.shl(biased, ir.Constant(INTS, [23] * 16)), V16))


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
    (kernels.outer, "xonet.outer"),
):
    _tiles(_named, _name)


@word(kernels.turn, types.void, *[i64] * 4)
def _turn(b: Any, *arguments: Any) -> None:
    tiles.turn_block(b, *arguments)


@word(kernels.turn_eight, types.void, *[i64] * 3)
def _turn_eight(b: Any, *arguments: Any) -> None:
    feature_tiles.turn_eight(b, *arguments)


@word(kernels.call, types.void, i64, i64)
def _call(b: Any, address: Any, arguments: Any) -> None:
    kind = ir.FunctionType(tiles.VOID, [I64])
    b.call(b.inttoptr(address, kind.as_pointer()), [arguments])


@word(kernels.add_and_get, i64, i64, i64, i64)
def _add_and_get(b: Any, address: Any, index: Any, value: Any) -> Any:
    return b.add(b.atomic_rmw("add", pointer(b, address, index, I64), value, "seq_cst"), value)


@word(kernels.peek, i64, i64, i64)
def _peek(b: Any, address: Any, index: Any) -> Any:
    return b.load_atomic(pointer(b, address, index, I64), "seq_cst", 8)


@word(kernels.poke, types.void, i64, i64, i64)
def _poke(b: Any, address: Any, index: Any, value: Any) -> None:
    b.store_atomic(value, pointer(b, address, index, I64), "seq_cst", 8)


@word(kernels.swap_if, i64, i64, i64, i64, i64)
def _swap_if(b: Any, address: Any, index: Any, expected: Any, value: Any) -> Any:
    result = b.cmpxchg(pointer(b, address, index, I64), expected, value, "seq_cst")
    return b.zext(b.extract_value(result, 1), I64)


@word(kernels.breathe, types.void, i64)
def _breathe(b: Any, patience: Any) -> None:
    with b.if_else(b.icmp_signed(">", patience, I64(0))) as (then, otherwise):
        with then:
            if platform.machine().lower() in ("x86_64", "amd64"):
                b.call(intrinsic(b.module, "llvm.x86.sse2.pause", tiles.VOID, []), [])
        with otherwise:
            let_others = ir.FunctionType(I32, [])
            b.call(cgutils.get_or_insert_function(b.module, let_others, "sched_yield"), [])


@word(kernels.processor, i64)
def _processor(b: Any) -> Any:
    if sys.platform != "linux":
        return I64(-2)
    return b.sext(b.call(cgutils.get_or_insert_function(b.module, ir.FunctionType(I32, []), "sched_getcpu"), []), I64)


def _python(b: Any, name: str, result: Any, arguments: list[Any], *values: Any) -> Any:
    """Call a function of Python's C API."""
    return b.call(cgutils.get_or_insert_function(b.module, ir.FunctionType(result, arguments), name), values)


@word(kernels.owned, i64, i64)
def _owned(b: Any, address: Any) -> Any:
    _python(b, "Py_IncRef", tiles.VOID, [I64], address)
    return address


@word(kernels.acquire_lock, types.void, i64)
def _acquire_lock(b: Any, lock: Any) -> None:
    _python(b, "PyThread_acquire_lock", I32, [I64, I32], lock, I32(1))


@word(kernels.release_lock, types.void, i64)
def _release_lock(b: Any, lock: Any) -> None:
    _python(b, "PyThread_release_lock", tiles.VOID, [I64], lock)


@word(kernels.release_python, i64)
def _release_python(b: Any) -> Any:
    return _python(b, "PyEval_SaveThread", I64, [])


@word(kernels.resume_python, types.void, i64)
def _resume_python(b: Any, state: Any) -> None:
    _python(b, "PyEval_RestoreThread", tiles.VOID, [I64], state)


def _number(kind: Any) -> bool:
    return isinstance(kind, types.Number | types.Literal | Lanes)


def _arithmetic(symbol: Any, build: Callable[[Any, Any, Any], Any], result: Any) -> None:
    """An operator between sixteens, or between sixteen and one number."""

    @infer_global(symbol)
    class Typed(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) == 2 and lanes in args and all(map(_number, args)):
                return signature(result, *args)
            return None

    def lower(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        both = []
        for value, kind in zip(values, sig.args, strict=True):
            wide = kind == lanes
            both.append(value if wide else splat(builder, context.cast(builder, value, kind, f32)))
        return build(builder, *both)

    lower_builtin(symbol, lanes, types.Any)(lower)
    lower_builtin(symbol, types.Any, lanes)(lower)
    lower_builtin(symbol, lanes, lanes)(lower)


for _symbols, _build in (
    ((operator.add, operator.iadd), lambda b, x, y: b.fadd(x, y)),
    ((operator.sub, operator.isub), lambda b, x, y: b.fsub(x, y)),
    ((operator.mul, operator.imul), lambda b, x, y: b.fmul(x, y)),
    ((operator.truediv, operator.itruediv), lambda b, x, y: b.fdiv(x, y)),
):
    for _symbol in _symbols:
        _arithmetic(_symbol, _build, lanes)
for _symbol, _sign in (
    (operator.gt, ">"),
    (operator.ge, ">="),
    (operator.lt, "<"),
    (operator.le, "<="),
    (operator.eq, "=="),
):
    _arithmetic(_symbol, lambda b, x, y, s=_sign: b.fcmp_ordered(s, x, y), lane_mask)  # type: ignore[misc]


@infer_global(operator.neg)
class _Negative(ConcreteTemplate):
    cases = (signature(lanes, lanes),)


@lower_builtin(operator.neg, lanes)
def _negative(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return builder.fneg(values[0])


@infer_global(operator.and_)
class _Both(ConcreteTemplate):
    cases = (signature(lane_mask, lane_mask, lane_mask),)


@lower_builtin(operator.and_, lane_mask, lane_mask)
def _both(context: Any, builder: Any, sig: Any, values: Any) -> Any:
    return builder.and_(*values)


@lower_cast(types.Number, lanes)
def _number_to_lanes(context: Any, builder: Any, kind: Any, wanted: Any, value: Any) -> Any:
    return splat(builder, context.cast(builder, value, kind, f32))


_known: set[Callable[..., Any]] = set()


def register_helpers() -> None:
    """Let kernels call the functions marked as helpers so far."""
    for function in kernels.HELPERS:
        if function not in _known:
            _known.add(function)
            register_jitable(function)
