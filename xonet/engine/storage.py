"""Where arrays live: every parameter's place in one flat vector, and memory on cache-line boundaries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from xonet.layers._graph import Operation

LINE = 16
"""Float32 values on a cache line; every array begins on one."""


def aligned(count: int, dtype: type = np.float32) -> np.ndarray:
    """A zeroed vector of `count` values that begins on a cache line."""
    size = np.dtype(dtype).itemsize
    raw = np.zeros(count * size + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + count * size].view(dtype)


POISON: float | None = None
"""For tests: what `workspace` is full of at first, so that a kernel that reads what nobody wrote is found."""


def workspace(count: int) -> np.ndarray:
    """Float32 memory whose values are written before they are read."""
    memory = aligned(count)
    if POISON is not None:
        memory[...] = POISON
    return memory


def rounded(count: int) -> int:
    """`count` rounded up to whole cache lines."""
    return -(-count // LINE) * LINE


class Place(NamedTuple):
    """A parameter's place in the flat vector, in values."""

    offset: int
    shape: tuple[int, ...]
    trained: bool

    @property
    def end(self) -> int:
        """Behind its last value."""
        return self.offset + math.prod(self.shape)


@dataclass(frozen=True)
class Layout:
    """Places of all parameters: the trained ones first, so that an optimizer walks one stretch; then the kept ones."""

    places: dict[str, Place]
    trained: int
    """Length of the trained stretch."""
    total: int

    def views(self, flat: np.ndarray) -> dict[str, np.ndarray]:
        """Each parameter as an array over `flat`; of a vector as long as the trained stretch, the trained ones."""
        return {
            name: flat[place.offset : place.end].reshape(place.shape)
            for name, place in self.places.items()
            if place.end <= len(flat)
        }


def layout(operations: Sequence[Operation]) -> Layout:
    """Places for the parameters of all operations."""
    every = [(operation.full_name(p), p) for operation in operations for p in operation.parameters]
    places: dict[str, Place] = {}
    offset = trained = 0
    for wanted in (True, False):
        for name, parameter in every:
            if parameter.trainable is wanted:
                places[name] = Place(offset, parameter.shape, wanted)
                offset += rounded(math.prod(parameter.shape))
        trained = offset if wanted else trained
    return Layout({name: places[name] for name, _ in every}, trained, offset)
