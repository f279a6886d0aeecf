"""Compiled kernels on disk and in memory: compiled once an installation, loaded without Numba after that."""

from __future__ import annotations

import ctypes
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

from xonet.kernels import Kernel, kept, target
from xonet.machine import blas_threads, must_be_free
from xonet.turns import UNFORKABLE, Turn

TILES = "xonet.tile"
"""The object of the register tiles, which every kernel may call, by the name of the first."""
PYTHON = ("Py_IncRef", "PyEval_SaveThread", "PyEval_RestoreThread", "PyThread_acquire_lock", "PyThread_release_lock")
"""What kernels call of Python's C API."""


class Library:
    """The kernels of this process: their addresses, by kernel."""

    def __init__(self) -> None:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        for name in PYTHON:
            llvm.add_symbol(name, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value)
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target.machine())
        self._addresses: dict[Kernel, int] = {}
        self._loaded: dict[str, llvm.ObjectFileRef] = {}
        self._turn = Turn()
        """So that two threads do not compile the same."""
        self._told = False
        """Whether somebody knows by now that kernels are compiled, and why they are not kept."""
        self.compile_seconds = 0.0
        self.folder: Path | None = None
        """The only one where kernels are looked for and kept; without it, as `kept.folders` has it."""

    def addresses(self, kernels: Iterable[Kernel], announce: Callable[[int], None] | None = None) -> dict[Kernel, int]:
        """Where each kernel's entry lies; `announce` is told how many have to be compiled, before that begins."""
        wanted = list(dict.fromkeys(kernels))
        if any(kernel not in self._addresses for kernel in wanted):
            self._turn.take(self._find, wanted, announce)
        return {kernel: self._addresses[kernel] for kernel in wanted}

    def _find(self, wanted: list[Kernel], announce: Callable[[int], None] | None) -> None:
        new = [kernel for kernel in wanted if kernel not in self._addresses]
        names = [kernel.name for kernel in new]
        sought = names if TILES in self._loaded else [TILES, *names]
        code: dict[str, Any] = {name: kept.read(name, self.folder) for name in sought}
        missing = [name for name, compiled in code.items() if compiled is None]
        if missing:
            if announce:
                announce(len(missing))
            elif not self._told and (reason := kept.not_kept(self.folder)):
                warnings.warn(f"compiled kernels are not kept: {reason}", RuntimeWarning, stacklevel=2)
            self._told = True
            began = time.perf_counter()
            by_name = {kernel.name: kernel for kernel in new}
            for name in missing:
                code[name] = UNFORKABLE.take(_compiled, by_name.get(name))
                kept.keep(name, code[name], self.folder)
                UNFORKABLE.give_way()
            kept.remove_unused(self.folder or kept.folders()[-1])
            self.compile_seconds += time.perf_counter() - began
        UNFORKABLE.take(self._load, code, new)

    def _load(self, code: dict[str, bytes], new: list[Kernel]) -> None:
        must_be_free("loading compiled kernels", 16, 16)
        for name, compiled in code.items():
            if name in self._loaded:  # by a signal handler, or before Ctrl-C
                continue
            part = self._loaded[name] = llvm.ObjectFileRef.from_data(compiled)
            self._engine.add_object_file(part)
            if name == TILES:
                self._engine.finalize_object()
                for symbol in ("xonet.tile", "xonet.packed", "xonet.outer", "xonet.features", "xonet.planes"):
                    llvm.add_symbol(symbol, self._engine.get_function_address(symbol))
        self._engine.finalize_object()
        for kernel in new:
            self._addresses[kernel] = self._engine.get_function_address(kernel.name)


def _compiled(kernel: Kernel | None) -> bytes:
    """The object code of a kernel, or of the register tiles.

    Raises:
        MemoryError: where the process may not take what that needs; LLVM would end it.
    """
    if "xonet.kernels.compiling" in sys.modules:
        must_be_free("compiling a kernel", 64, 64)
    else:  # with what Numba imports: SciPy and its OpenBLAS, too, where it is there
        must_be_free("compiling kernels", 208 + 48 * blas_threads(), 144 + 48 * blas_threads())
    with _jit():
        compiling = import_module("xonet.kernels.compiling")
        return bytes(compiling.compile_kernel(kernel) if kernel else compiling.compile_tiles())


@contextmanager
def _jit() -> Iterator[None]:
    """Inside, Numba compiles: NUMBA_DISABLE_JIT is about a user's own functions."""
    disabled = os.environ.pop("NUMBA_DISABLE_JIT", None)
    try:
        yield
    finally:
        if disabled is not None:
            os.environ["NUMBA_DISABLE_JIT"] = disabled


_LIBRARIES: list[Library] = []


def library() -> Library:
    """The one library of this process."""
    if not _LIBRARIES:
        UNFORKABLE.take(_make_library)
    return _LIBRARIES[0]


def _make_library() -> None:
    if not _LIBRARIES:  # another thread may have been first
        _LIBRARIES.append(Library())


def compile_seconds() -> float:
    """How long this process has compiled kernels."""
    return library().compile_seconds


def entry(address: int, *, alone: bool = False) -> Callable[[int], None]:
    """A compiled entry as a Python function of the address of its arguments.

    It runs without the GIL; `alone`: with it, so that no other Python code runs meanwhile.
    """
    return (ctypes.PYFUNCTYPE if alone else ctypes.CFUNCTYPE)(None, ctypes.c_void_p)(address)
