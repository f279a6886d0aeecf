"""The words that compiled kernels are written in, and the decorators that mark them.

A kernel is plain scalar Python over 16 pictures at a time: `load` gives the same value of sixteen pictures, arithmetic
on it is arithmetic on all of them. Nothing here imports Numba: the words get their meaning in `lowering`, which is
read only where a kernel has to be compiled; a cached one is loaded without it (`loading`).

Addresses are integers, in bytes; indices count values (`load` and `store`: groups of sixteen).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LANES = 16
"""How many pictures travel together."""
ACCUMULATE, RELU = 1, 2
"""Flags of the register tile: add to what is there; make zero what is negative."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A function that a program row calls; its arguments are integers: addresses, counts, and coded numbers."""

    function: Callable[..., Any]
    method: bool = False
    """Whether Python calls it as a method: (object it belongs to, address of the arguments, how many) to an object."""

    @property
    def name(self) -> str:
        """Unique, and a legal name of a symbol and a file: `xonet.layers.relu.native.forward`."""
        return f"{self.function.__module__}.{self.function.__name__}"

    @property
    def arity(self) -> int:
        """How many arguments it takes."""
        return self.function.__code__.co_argcount


HELPERS: list[Callable[..., Any]] = []
"""Functions that kernels call; compiled into each."""


KERNELS: list[Kernel] = []
"""All kernels of the modules imported so far."""


def kernel(function: Callable[..., None]) -> Kernel:
    """Mark a function as a kernel."""
    marked = Kernel(function)
    KERNELS.append(marked)
    return marked


def method_kernel(function: Callable[[int, int, int], int]) -> Kernel:
    """Mark a function as a kernel that Python calls as a method (see `loading.method`)."""
    marked = Kernel(function, method=True)
    KERNELS.append(marked)
    return marked


def helper(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function that kernels call."""
    HELPERS.append(function)
    return function


def _word(*_: Any) -> Any:
    raise RuntimeError("this word has a meaning in compiled kernels only")


def load(address: int, index: int) -> Any:
    """Sixteen values: number `index` of the sixteens at `address`."""
    return _word()


def store(address: int, index: int, value: Any) -> None:
    """Put sixteen values."""
    _word()


def splat(value: float) -> Any:
    """Sixteen times the same value."""
    return _word()


def at(address: int, index: int) -> Any:
    """One float32."""
    return _word()


def put(address: int, index: int, value: float) -> None:
    """Store one float32."""
    _word()


def byte_at(address: int, index: int) -> Any:
    """One uint8, as an integer."""
    return _word()


def load_first(address: int, index: int, count: int) -> Any:
    """The first `count` of sixteen values, and zeros; what lies behind them is not touched. `index` counts values."""
    return _word()


def load_bytes(address: int, index: int) -> Any:
    """Sixteen uint8 one behind the other, as sixteen float32; `index` counts bytes."""
    return _word()


def word_at(address: int, index: int) -> Any:
    """One int32, as an integer."""
    return _word()


def long_at(address: int, index: int) -> Any:
    """One int64."""
    return _word()


def put_long(address: int, index: int, value: int) -> None:
    """Store one int64."""
    _word()


def real(coded: int) -> Any:
    """The float32 that an integer argument stands for (see `coded`)."""
    return _word()


def fma(a: Any, b: Any, c: Any) -> Any:
    """A times b plus c, rounded once."""
    return _word()


def larger(a: Any, b: Any) -> Any:
    """The larger of each of the sixteen; a not-a-number in `a` or `b` comes through."""
    return _word()


def select(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, `b` elsewhere."""
    return _word()


def evens(a: Any, b: Any) -> Any:
    """Every second of thirty-two values, those of `a` and then of `b`, from the first on."""
    return _word()


def odds(a: Any, b: Any) -> Any:
    """The others."""
    return _word()


def sqrt(a: Any) -> Any:
    """The square root of each."""
    return _word()


def total(a: Any) -> Any:
    """The sum of the sixteen, always in the same order."""
    return _word()


def first_lanes(count: int) -> Any:
    """1 in the first `count` of the sixteen, 0 in the others."""
    return _word()


def nearest(a: Any) -> Any:
    """Each rounded to the nearest whole number, ties to even."""
    return _word()


def times_power_of_two(a: Any, exponent: Any) -> Any:
    """`a` × 2 to a whole power between -126 and 127."""
    return _word()


def tile(
    rows: int, pixels: int, scale: float, flags: int,
    w: int, w_row: int, w_step: int, w_i: int, w_j: int,
    x: int, x_pixel: int, x_step: int, x_i: int, x_j: int,
    count_i: int, count_j: int, count_k: int,
    bias: int, y: int, y_row: int, y_pixel: int, valid: int,
) -> None:  # fmt: skip
    """The general register tile: a block of sums of products that stays in registers while it grows; see `tiles`."""
    _word()


def packed_tile(
    rows: int, pixels: int, scale: float, flags: int,
    w: int, w_i: int, w_j: int, x: int, x_pixel: int, x_i: int, x_j: int,
    count_i: int, count_j: int, count_k: int,
    bias: int, y: int, y_pixel: int, blocks: int,
) -> None:  # fmt: skip
    """The register tile on weights packed in its order, block after block along a row of pixels; see `tiles`."""
    _word()


def batch_tile(
    rows: int, pixels: int,
    w: int, w_row: int, w_step: int, w_next: int, x: int, x_pixel: int, x_next: int,
    count: int, y: int, y_pixel: int, y_next: int, times: int,
) -> None:  # fmt: skip
    """Register tiles one behind the other, each with weights and values of its own; see `tiles`."""
    _word()


def feature_tile(
    rows: int,
    sixteens: int,
    flags: int,
    x: int,
    x_pixel: int,
    x_i: int,
    x_j: int,
    w: int,
    w_i: int,
    w_j: int,
    count_i: int,
    count_j: int,
    count_k: int,
    bias: int,
    y: int,
    y_pixel: int,
    tiles: int,
    lines: int,
    x_line: int,
    y_line: int,
) -> None:
    """The register tile for one picture: pixels × sixteens of features; see `feature_tiles`."""
    _word()


def plane_tile(
    rows: int, sixteens: int, flags: int, x: int, x_i: int, x_k: int, w: int, count_i: int, count_k: int,
    bias: int, y: int, y_row: int, lines: int, x_line: int, y_line: int,
) -> None:  # fmt: skip
    """The register tile for one picture of one channel: features × sixteens of pixels; see `feature_tiles`."""
    _word()


def window_tile(
    kind: int, outputs: int, flags: int, x: int, rows: int, taps: int, x_pixel: int,
    w: int, bias: int, y: int, y_pixel: int, channels: int,
) -> None:  # fmt: skip
    """Windows that look at one channel each: some neighbours in a row, all channels; see `window_tiles`."""
    _word()


def window_weights_tile(
    kind: int, outputs: int, g: int, g_pixel: int, x: int, rows: int, taps: int, x_pixel: int, y: int, channels: int
) -> None:
    """The same for the gradient of the weights; see `window_tiles`."""
    _word()


def outer(
    rows: int, taps: int, scale: float,
    g: int, g_i: int, g_j: int, x: int, x_i: int, x_j: int,
    count_i: int, count_j: int, y: int, y_row: int,
) -> None:  # fmt: skip
    """The sister tile, for gradients of weights: products summed over pixels, at the end over lanes; see `tiles`."""
    _word()


def turn(x: int, x_row: int, y: int, y_row: int) -> None:
    """Sixteen rows of sixteen values from x to columns at y; rows lie `x_row` and `y_row` values apart."""
    _word()


def turn_eight(x: int, y: int, y_pixel: int) -> None:
    """Eight rows of sixteen values, one behind the other, to columns `y_pixel` values apart, the last one last."""
    _word()


def call(address: int, arguments: int) -> None:
    """Call the kernel at `address` with the integers at `arguments`."""
    _word()


def add_and_get(address: int, index: int, value: int) -> Any:
    """Add to an int64 that threads share; the sum."""
    return _word()


def peek(address: int, index: int) -> Any:
    """Read an int64 that threads share."""
    return _word()


def poke(address: int, index: int, value: int) -> None:
    """Write an int64 that threads share."""
    _word()


def swap_if(address: int, index: int, expected: int, value: int) -> Any:
    """Write an int64 that threads share, if it is what was expected; 1 where it was, otherwise 0."""
    return _word()


def breathe(patience: int) -> None:
    """Wait a moment in a loop that waits for another thread; with no patience left, let others run."""
    _word()


def owned(address: int) -> Any:
    """A Python object, for a caller who will give it back."""
    return _word()


def processor() -> Any:
    """The number of the processor that this thread runs on at the moment; -2 where the system does not say."""
    return _word()


def acquire_lock(lock: int) -> None:
    """Sleep until a lock of Python's own kind is given back, and take it; not while one holds the interpreter."""
    _word()


def release_lock(lock: int) -> None:
    """Give it back."""
    _word()


def release_python() -> Any:
    """Let other Python threads run until `resume_python` gets what this gives."""
    return _word()


def resume_python(state: int) -> None:
    """Wait until this thread may touch Python objects again."""
    _word()


def coded(value: float) -> int:
    """The integer that stands for a float32 among a row's arguments."""
    import struct

    return int(struct.unpack("<i", struct.pack("<f", value))[0])
