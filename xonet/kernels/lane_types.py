"""What sixteen values at once are to Numba, what arithmetic on them is, and how a word gets its meaning."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from numba import types
from numba.core.datamodel.models import PrimitiveModel
from numba.core.imputils import lower_builtin, lower_cast
from numba.core.typing.templates import AbstractTemplate, ConcreteTemplate, infer_global, signature
from numba.extending import register_model

from xonet.kernels.ir_parts import MASK, V16, splat


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
