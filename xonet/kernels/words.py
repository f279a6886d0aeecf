"""The words that compiled kernels are written in, but for those of the tiles; `lowering` gives them their meaning."""

from __future__ import annotations

from typing import Any


def no_meaning(*_: Any) -> Any:
    """What a word does in Python."""
    raise RuntimeError("this word has a meaning in compiled kernels only")


def load(address: int, index: int) -> Any:
    """Sixteen values: number `index` of the sixteens at `address`."""
    return no_meaning()


def store(address: int, index: int, value: Any) -> None:
    """Put sixteen values."""
    no_meaning()


def splat(value: float) -> Any:
    """Sixteen times the same value."""
    return no_meaning()


def at(address: int, index: int) -> Any:
    """One float32."""
    return no_meaning()


def put(address: int, index: int, value: float) -> None:
    """Store one float32."""
    no_meaning()


def byte_at(address: int, index: int) -> Any:
    """One uint8, as an integer."""
    return no_meaning()


def load_first(address: int, index: int, count: int) -> Any:
    """The first `count` of sixteen values, and zeros; what lies behind them is not touched. `index` counts values."""
    return no_meaning()


def load_bytes(address: int, index: int) -> Any:
    """Sixteen uint8 one behind the other, as sixteen float32; `index` counts bytes."""
    return no_meaning()


def word_at(address: int, index: int) -> Any:
    """One int32, as an integer."""
    return no_meaning()


def long_at(address: int, index: int) -> Any:
    """One int64."""
    return no_meaning()


def put_long(address: int, index: int, value: int) -> None:
    """Store one int64."""
    no_meaning()


def real(coded: int) -> Any:
    """The float32 that an integer argument stands for (see `coded`)."""
    return no_meaning()


def fma(a: Any, b: Any, c: Any) -> Any:
    """A times b plus c, rounded once."""
    return no_meaning()


def larger(a: Any, b: Any) -> Any:
    """The larger of each of the sixteen; a not-a-number in `a` or `b` comes through."""
    return no_meaning()


def select(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, `b` elsewhere."""
    return no_meaning()


def evens(a: Any, b: Any) -> Any:
    """Every second of thirty-two values, those of `a` and then of `b`, from the first on."""
    return no_meaning()


def odds(a: Any, b: Any) -> Any:
    """The others."""
    return no_meaning()


def sqrt(a: Any) -> Any:
    """The square root of each."""
    return no_meaning()


def total(a: Any) -> Any:
    """The sum of the sixteen, always in the same order."""
    return no_meaning()


def first_lanes(count: int) -> Any:
    """1 in the first `count` of the sixteen, 0 in the others."""
    return no_meaning()


def nearest(a: Any) -> Any:
    """Each rounded to the nearest whole number, ties to even."""
    return no_meaning()


def times_power_of_two(a: Any, exponent: Any) -> Any:
    """`a` × 2 to a whole power between -126 and 127."""
    return no_meaning()


def turn(x: int, x_row: int, y: int, y_row: int) -> None:
    """Sixteen rows of sixteen values from x to columns at y; rows lie `x_row` and `y_row` values apart."""
    no_meaning()


def turn_eight(x: int, y: int, y_pixel: int) -> None:
    """Eight rows of sixteen values, one behind the other, to columns `y_pixel` values apart, the last one last."""
    no_meaning()


def call(address: int, arguments: int) -> None:
    """Call the kernel at `address` with the integers at `arguments`."""
    no_meaning()


def add_and_get(address: int, index: int, value: int) -> Any:
    """Add to an int64 that threads share; the sum."""
    return no_meaning()


def peek(address: int, index: int) -> Any:
    """Read an int64 that threads share."""
    return no_meaning()


def poke(address: int, index: int, value: int) -> None:
    """Write an int64 that threads share."""
    no_meaning()


def swap_if(address: int, index: int, expected: int, value: int) -> Any:
    """Write an int64 that threads share, if it is what was expected; 1 where it was, otherwise 0."""
    return no_meaning()


def breathe(patience: int) -> None:
    """Wait a moment in a loop that waits for another thread; with no patience left, let others run."""
    no_meaning()


def owned(address: int) -> Any:
    """A Python object, for a caller who will give it back."""
    return no_meaning()


def processor() -> Any:
    """The number of the processor that this thread runs on at the moment; -2 where the system does not say."""
    return no_meaning()


def acquire_lock(lock: int) -> None:
    """Sleep until a lock of Python's own kind is given back, and take it; not while one holds the interpreter."""
    no_meaning()


def release_lock(lock: int) -> None:
    """Give it back."""
    no_meaning()


def release_python() -> Any:
    """Let other Python threads run until `resume_python` gets what this gives."""
    return no_meaning()


def resume_python(state: int) -> None:
    """Wait until this thread may touch Python objects again."""
    no_meaning()
