"""The words that compiled kernels are written in, but for those of the tiles; `lowering` gives them their meaning."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

MEANINGS: dict[str, Callable[..., Any]] = {}
"""What a word does in plain Python, by its name: `xonet.interpreter` fills it, which runs kernels uncompiled."""


def intrinsic(declared: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function as a word: in compiled kernels it is a few instructions, in Python it does as `MEANINGS` says."""
    name = declared.__name__

    @wraps(declared)
    def word(*arguments: Any) -> Any:
        if name not in MEANINGS:
            raise RuntimeError(f"`{name}` has a meaning in kernels only: compiled, or run by xonet.interpreter")
        return MEANINGS[name](*arguments)

    return word


@intrinsic
def load(address: int, index: int) -> Any:
    """Sixteen values: number `index` of the sixteens at `address`."""


@intrinsic
def store(address: int, index: int, value: Any) -> None:
    """Put sixteen values."""


@intrinsic
def splat(value: float) -> Any:
    """Sixteen times the same value."""


@intrinsic
def load_scalar(address: int, index: int) -> Any:
    """One float32."""


@intrinsic
def store_scalar(address: int, index: int, value: float) -> None:
    """Store one float32."""


@intrinsic
def load_u8(address: int, index: int) -> Any:
    """One uint8, as an integer."""


@intrinsic
def load_first(address: int, index: int, count: int) -> Any:
    """The first `count` of sixteen values, and zeros; what lies behind them is not touched. `index` counts values."""


@intrinsic
def load_bytes(address: int, index: int) -> Any:
    """Sixteen uint8 one behind the other, as sixteen float32; `index` counts bytes."""


@intrinsic
def load_i32(address: int, index: int) -> Any:
    """One int32, as an integer."""


@intrinsic
def load_i64(address: int, index: int) -> Any:
    """One int64."""


@intrinsic
def store_i64(address: int, index: int, value: int) -> None:
    """Store one int64."""


@intrinsic
def bits_to_f32(coded: int) -> Any:
    """The float32 that an integer argument stands for (see `coded`)."""


@intrinsic
def fma(a: Any, b: Any, c: Any) -> Any:
    """A times b plus c, rounded once."""


@intrinsic
def maximum(a: Any, b: Any) -> Any:
    """The larger of each of the sixteen; a not-a-number in `a` or `b` comes through."""


@intrinsic
def select(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, `b` elsewhere."""


@intrinsic
def deinterleave_even(a: Any, b: Any) -> Any:
    """Every second of thirty-two values, those of `a` and then of `b`, from the first on."""


@intrinsic
def deinterleave_odd(a: Any, b: Any) -> Any:
    """The others."""


@intrinsic
def absolute(a: Any) -> Any:
    """Each without its sign."""


@intrinsic
def sqrt(a: Any) -> Any:
    """The square root of each."""


@intrinsic
def reduce_add(a: Any) -> Any:
    """The sum of the sixteen, always in the same order."""


@intrinsic
def lane_mask(count: int) -> Any:
    """1 in the first `count` of the sixteen, 0 in the others."""


@intrinsic
def exponent(a: Any) -> Any:
    """Of each the power of two at or below its size, as a number: 3 for -9.5; of normal numbers other than 0."""


@intrinsic
def mantissa(a: Any) -> Any:
    """The size of each divided by two to its exponent: from 1 up to 2."""


@intrinsic
def times_power_of_two(a: Any, exponent: Any) -> Any:
    """`a` × 2^n, n a whole number between -126 and 127, given as n + 1.5 · 2^23: that has n in its last bits."""


@intrinsic
def transpose(x: int, x_row: int, y: int, y_row: int) -> None:
    """Sixteen rows of sixteen values from x to columns at y; rows lie `x_row` and `y_row` values apart."""


@intrinsic
def transpose_eight(x: int, y: int, y_pixel: int) -> None:
    """Eight rows of sixteen values, one behind the other, to columns `y_pixel` values apart, the last one last."""


@intrinsic
def call(address: int, arguments: int) -> None:
    """Call the kernel at `address` with the integers at `arguments`."""


@intrinsic
def atomic_add(address: int, index: int, value: int) -> Any:
    """Add to an int64 that threads share; the sum."""


@intrinsic
def atomic_load(address: int, index: int) -> Any:
    """Read an int64 that threads share."""


@intrinsic
def atomic_store(address: int, index: int, value: int) -> None:
    """Write an int64 that threads share."""


@intrinsic
def compare_exchange(address: int, index: int, expected: int, value: int) -> Any:
    """Write an int64 that threads share, if it is what was expected; 1 where it was, otherwise 0."""


@intrinsic
def spin_pause(patience: int) -> None:
    """Wait a moment in a loop that waits for another thread; with no patience left, let others run."""


@intrinsic
def owned(address: int) -> Any:
    """A Python object, for a caller who will give it back."""


@intrinsic
def processor() -> Any:
    """The number of the processor that this thread runs on at the moment; -2 where the system does not say."""


@intrinsic
def acquire_lock(lock: int) -> None:
    """Sleep until a lock of Python's own kind is given back, and take it; not while one holds the interpreter."""


@intrinsic
def release_lock(lock: int) -> None:
    """Give it back."""


@intrinsic
def release_python() -> Any:
    """Let other Python threads run until `resume_python` gets what this gives."""


@intrinsic
def resume_python(state: int) -> None:
    """Wait until this thread may touch Python objects again."""
