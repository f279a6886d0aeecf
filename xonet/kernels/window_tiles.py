"""Tiles for windows that look at one channel each, written out as LLVM IR: neighbours in a row share what they load.

A row of outputs is computed channel after channel, some neighbours at a time; their sums stay in registers while the
rows of the window go by. Values lie as everywhere; what is read lies best with an odd number of channels' room from
pixel to pixel: where pixels are a power of two apart, neighbours fight for the same places in the first-level cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite import ir

from xonet.kernels import RELU
from xonet.kernels.ir_parts import F32, I64, V16, Loop, expect, internal, intrinsic, merge_if, pointer, rectified, splat
from xonet.kernels.tables import TAP
from xonet.kernels.tiles import ARGUMENTS
from xonet.kernels.window_kinds import KINDS, uses

AHEAD = 4
"""By how many channels the places of outputs are asked for before they are written to."""


def window_function(module: Any, kind: int, outputs: int) -> Any:
    """The tile forward and for the gradient of the input: `outputs` neighbours in a row, all channels.

    For o < outputs, c < channels, with the columns and taps of `uses`, and a < taps, offsets counted in float32:
    y[o·y_pixel + 16·c + lane] = bias[c] + Σ over a, tap of
    w[rows[2a+1] + tap·channels + c] · x[rows[2a] + column·x_pixel + 16·c + lane], not below zero if so flagged.
    """
    function = internal(module, f"xonet.window.{kind}.{outputs}", ARGUMENTS["xonet.window"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    flags, x, rows, taps, x_pixel, w, bias, y, y_pixel, channels = function.args
    biased = b.icmp_signed("!=", bias, I64(0))
    bias = b.select(biased, bias, w)
    over_c = Loop(b, channels, [])
    lane = b.mul(over_c.index, I64(16))
    shift = b.select(biased, b.load(pointer(b, bias, over_c.index), align=4), F32(0.0))
    for at in _steps(b, y, b.add(lane, I64(16 * AHEAD)), y_pixel, outputs):
        expect(b, at)
    over_a = Loop(b, taps, [splat(b, shift)] * outputs)
    place, weight = _row(b, rows, over_a.index)
    weights = [
        splat(b, b.load(at, align=4)) for at in _steps(b, w, b.add(weight, over_c.index), channels, kind // KINDS)
    ]
    sums = list(over_a.carried)
    for value, used in _columns(b, x, b.add(place, lane), x_pixel, uses(kind, outputs)):
        for output, tap in used:
            sums[output] = _fma(b, weights[tap], value, sums[output])
    sums = over_a.close(sums)
    sums = merge_if(b, b.icmp_signed("!=", b.and_(flags, I64(RELU)), I64(0)), sums, lambda values: rectified(b, values))
    for value, at in zip(sums, _steps(b, y, lane, y_pixel, outputs), strict=True):
        b.store(value, b.bitcast(at, V16.as_pointer()), align=4)
    over_c.close([])
    b.ret_void()
    return function


def window_weights_function(module: Any, kind: int, outputs: int) -> Any:
    """The tile for the gradient of the weights, which stays apart by lanes.

    For c < channels, a < taps and each tap, offsets counted in float32, column = output · stride + tap:
    y[16·(rows[2a+1] + tap·channels + c) + lane] += Σ over output of
    g[output·g_pixel + 16·c + lane] · x[rows[2a] + column·x_pixel + 16·c + lane].
    """
    function = internal(module, f"xonet.window_weights.{kind}.{outputs}", ARGUMENTS["xonet.window_weights"])
    b = ir.IRBuilder(function.append_basic_block("entry"))
    g, g_pixel, x, rows, taps, x_pixel, y, channels = function.args
    step = b.mul(channels, I64(16))
    over_c = Loop(b, channels, [])
    lane = b.mul(over_c.index, I64(16))
    gradients = [_load(b, at) for at in _steps(b, g, lane, g_pixel, outputs)]
    over_a = Loop(b, taps, [])
    place, weight = _row(b, rows, over_a.index)
    places = _steps(b, y, b.add(b.mul(weight, I64(16)), lane), step, kind // KINDS)
    sums = [_load(b, at) for at in places]
    for value, used in _columns(b, x, b.add(place, lane), x_pixel, uses(kind, outputs)):
        for output, tap in used:
            sums[tap] = _fma(b, gradients[output], value, sums[tap])
    for value, at in zip(sums, places, strict=True):
        b.store(value, b.bitcast(at, V16.as_pointer()), align=4)
    over_a.close([])
    over_c.close([])
    b.ret_void()
    return function


def _row(b: Any, rows: Any, number: Any) -> list[Any]:
    """Where a row of the window begins in x, and in the weights."""
    first = b.mul(number, I64(int(TAP.SIZE)))
    return [b.load(pointer(b, rows, b.add(first, I64(int(place))), I64), align=8) for place in (TAP.X, TAP.WEIGHTS)]


def _steps(b: Any, address: Any, first: Any, step: Any, count: int) -> list[Any]:
    """Pointers one `step` behind the other."""
    found = [pointer(b, address, first)]
    while len(found) < count:
        found.append(b.gep(found[-1], [step]))
    return found


def _columns(
    b: Any, x: Any, first: Any, x_pixel: Any, used: dict[int, list[tuple[int, int]]]
) -> Iterator[tuple[Any, list[tuple[int, int]]]]:
    """The values of the columns that are looked at, each with what it is for."""
    steps = _steps(b, x, first, x_pixel, max(used) + 1)
    for column, what in used.items():
        yield _load(b, steps[column]), what


def _load(b: Any, at: Any) -> Any:
    return b.load(b.bitcast(at, V16.as_pointer()), align=4)


def _fma(b: Any, x: Any, y: Any, z: Any) -> Any:
    return b.call(intrinsic(b.module, "llvm.fmuladd.v16f32", V16, [V16] * 3), [x, y, z])
