"""What the words of kernels mean in NumPy: sixteen values at once are an array of sixteen float32."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from xonet.interpreter.machine import running
from xonet.kernels import LANES, words
from xonet.kernels.words import MEANINGS

VECTOR = 4 * LANES
"""Bytes of sixteen values."""
_NUMBERS = np.arange(LANES)


def means(word: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a word its meaning."""

    def define(meaning: Callable[..., Any]) -> Callable[..., Any]:
        MEANINGS[word.__name__] = meaning
        return meaning

    return define


@means(words.load)
def _load(address: int, index: int) -> np.ndarray:
    return running().span(address, VECTOR * index, VECTOR).view(np.float32).copy()


@means(words.store)
def _store(address: int, index: int, value: Any) -> None:
    running().span(address, VECTOR * index, VECTOR, True).view(np.float32)[...] = value


def _scalar(kind: type, size: int) -> tuple[Callable[..., Any], Callable[..., None]]:
    """How one number of a kind is read, and written."""
    make = np.float32 if kind is np.float32 else int

    def read(address: int, index: int) -> Any:
        return make(running().span(address, size * int(index), size).view(kind)[0])

    def write(address: int, index: int, value: Any) -> None:
        running().span(address, size * int(index), size, True).view(kind)[0] = value

    return read, write


MEANINGS["load_scalar"], MEANINGS["store_scalar"] = _scalar(np.float32, 4)
MEANINGS["load_u8"], _ = _scalar(np.uint8, 1)
MEANINGS["load_i32"], _ = _scalar(np.int32, 4)
_read_long, _write_long = _scalar(np.int64, 8)
MEANINGS["atomic_load"], MEANINGS["atomic_store"] = _read_long, _write_long


@means(words.load_i64)
def _long_at(address: int, index: int) -> int:
    return running().pointer(int(address) + 8 * int(index), _read_long(address, index))


@means(words.store_i64)
def _put_long(address: int, index: int, value: int) -> None:
    _write_long(address, index, value)
    running().point(int(address) + 8 * int(index), value)


@means(words.load_first)
def _load_first(address: int, index: int, count: int) -> np.ndarray:
    found, present = np.zeros(LANES, np.float32), max(0, min(int(count), LANES))
    found[:present] = running().span(address, 4 * index, 4 * present).view(np.float32)
    return found


@means(words.load_bytes)
def _load_bytes(address: int, index: int) -> np.ndarray:
    return running().span(address, index, LANES).astype(np.float32)


@means(words.splat)
def _splat(value: float) -> np.ndarray:
    return np.full(LANES, value, np.float32)


@means(words.bits_to_f32)
def _real(coded: int) -> np.float32:
    return np.float32(struct.unpack("<f", struct.pack("<i", coded))[0])


@means(words.fma)
def _fma(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    return (np.float64(a) * np.float64(b) + np.float64(c)).astype(np.float32)


@means(words.select)
def _select(condition: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.where(condition, a, b)


@means(words.deinterleave_even)
def _evens(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.concatenate([a, b])[::2]


@means(words.deinterleave_odd)
def _odds(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.concatenate([a, b])[1::2]


@means(words.reduce_add)
def _total(a: np.ndarray) -> np.float32:
    for half in (8, 4, 2, 1):
        a = a[:half] + a[half : 2 * half]
    return np.float32(a[0])


@means(words.lane_mask)
def _first_lanes(count: int) -> np.ndarray:
    return (_NUMBERS < count).astype(np.float32)


@means(words.exponent)
def _exponent(a: np.ndarray) -> np.ndarray:
    return ((a.view(np.int32) >> 23 & 255) - 127).astype(np.float32)


@means(words.mantissa)
def _mantissa(a: np.ndarray) -> np.ndarray:
    return (a.view(np.int32) & 0x7FFFFF | 0x3F800000).view(np.float32)


@means(words.times_power_of_two)
def _times_power_of_two(a: np.ndarray, exponent: np.ndarray) -> np.ndarray:
    return a * ((exponent.view(np.int32) << 23) + 0x3F800000).view(np.float32)


MEANINGS["maximum"], MEANINGS["sqrt"], MEANINGS["absolute"] = np.maximum, np.sqrt, np.abs


@means(words.transpose)
def _turn(x: int, x_row: int, y: int, y_row: int) -> None:
    rows = running().gather(x, x_row * _NUMBERS[:, None] + _NUMBERS)
    running().scatter(y, y_row * _NUMBERS[:, None] + _NUMBERS, rows.T)


@means(words.transpose_eight)
def _turn_eight(x: int, y: int, y_pixel: int) -> None:
    rows, eight = running().gather(x, LANES * _NUMBERS[:8, None] + _NUMBERS), _NUMBERS[:8]
    for column in range(LANES):
        running().scatter(y, column * y_pixel + eight, rows[:, column])


@means(words.call)
def _call(address: int, arguments: int) -> None:
    running().call(address, arguments)


@means(words.atomic_add)
def _add_and_get(address: int, index: int, value: int) -> int:
    _write_long(address, index, _read_long(address, index) + value)
    return int(_read_long(address, index))


@means(words.compare_exchange)
def _swap_if(address: int, index: int, expected: int, value: int) -> int:
    if _read_long(address, index) != expected:
        return 0
    _write_long(address, index, value)
    return 1


@means(words.spin_pause)
def _breathe(patience: int) -> None:
    """Nobody is waited for: there is one thread."""


@means(words.processor)
def _processor() -> int:
    return -2
