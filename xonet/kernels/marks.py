"""Marks of functions that are compiled, and numbers as such functions get them."""

from __future__ import annotations

import math
import struct
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
        """Unique, and a legal name of a symbol and a file: `xonet.layers.relu.forward`."""
        return f"{self.function.__module__}.{self.function.__name__}"

    @property
    def arity(self) -> int:
        """How many arguments it takes."""
        return self.function.__code__.co_argcount


HELPERS: dict[Callable[..., Any], Callable[..., Any]] = {}
"""Functions that kernels call, and what is compiled into each of those for them: most often themselves."""


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
    HELPERS[function] = function
    return function


def in_kernels(named: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark what a kernel computes that calls `named`, a function that means the same to Python in another way."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        HELPERS[named] = function
        return function

    return mark


def f32_to_bits(value: float) -> int:
    """The integer that stands for a float32 among a row's arguments; infinity for what is beyond."""
    try:
        coded = struct.pack("<f", value)
    except OverflowError:  # a product of two knobs, each of which is within float32
        coded = struct.pack("<f", math.copysign(math.inf, value))
    return int(struct.unpack("<i", coded)[0])
