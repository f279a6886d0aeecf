"""Runs kernels: in place of the library of compiled ones, it gives each an address that means nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import numpy as np

from xonet.interpreter.memory import Address, Memory, Origin, Witness
from xonet.kernels import Kernel

_FIRST = 1 << 62
"""Addresses from here on are kernels' and no memory's."""
_KERNELS: list[Kernel] = []


class _Running(threading.local):
    machine: Machine | None = None


_RUNNING = _Running()


class Machine(Memory):
    """Memory, and kernels that run in it."""

    def __init__(self, witness: Witness | None = None) -> None:
        super().__init__(witness)
        self.objects: list[object] = []

    @staticmethod
    def addresses(kernels: Iterable[Kernel]) -> dict[Kernel, int]:
        """What stands for each kernel where compiled code has its address."""
        found = {}
        for kernel in kernels:
            if kernel not in _KERNELS:
                _KERNELS.append(kernel)
            found[kernel] = _FIRST + _KERNELS.index(kernel)
        return found

    def entry(self, address: int) -> Callable[[int], None]:
        """A kernel as a function of the address of its arguments."""

        def run(arguments: int) -> None:
            before, _RUNNING.machine = _RUNNING.machine, self
            try:
                with np.errstate(all="ignore"):
                    self.call(address, arguments)
            finally:
                _RUNNING.machine = before

        return run

    def call(self, address: int, arguments: int) -> None:
        """Call a kernel with the int64 numbers that lie at `arguments`."""
        kernel, before = _KERNELS[int(address) - _FIRST], self.kernel
        numbers = [int(number) for number in self.span(arguments, 0, 8 * kernel.arity).view(np.int64)]
        origins = (self.witness and self.witness.arguments(int(arguments))) or [None] * kernel.arity
        names = kernel.function.__code__.co_varnames
        self.kernel = kernel.name
        try:
            kernel.function(*map(self._argument, names, numbers, origins))
        finally:
            self.kernel = before

    def _argument(self, name: str, number: int, origin: Origin | None) -> int:
        origin = origin or self.find(number)
        return Address.of(number, origin._replace(name=name)) if origin else number


def running() -> Machine:
    """The machine whose kernel runs.

    Raises:
        RuntimeError: where none does.
    """
    if _RUNNING.machine is None:
        raise RuntimeError("words of kernels have a meaning in kernels only: call a kernel by a machine's `entry`")
    return _RUNNING.machine
