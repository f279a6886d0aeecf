"""Memory on cache-line boundaries."""

from __future__ import annotations

import numpy as np

LINE = 16
"""Float32 values on a cache line; every array begins on one."""

POISON: float | None = None
"""For tests: what `workspace` is full of at first, so that a kernel that reads what nobody wrote is found."""


def aligned(count: int, dtype: type = np.float32) -> np.ndarray:
    """A zeroed vector of `count` values that begins on a cache line."""
    size = np.dtype(dtype).itemsize
    raw = np.zeros(count * size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + count * size].view(dtype)


def workspace(count: int) -> np.ndarray:
    """Float32 memory whose values are written before they are read."""
    memory = aligned(count)
    if POISON is not None:
        memory[...] = POISON
    return memory


def rounded(count: int) -> int:
    """`count` rounded up to whole cache lines."""
    return -(-count // LINE) * LINE
