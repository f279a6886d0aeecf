"""Compiled kernels on disk and in memory: compiled once an installation, loaded without Numba after that."""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

from xonet.kernels import Kernel, target
from xonet.turns import UNFORKABLE, Turn

TILES = "xonet.tiles"
"""The object of the register tiles, which every kernel may call."""
PYTHON = ("Py_IncRef", "PyEval_SaveThread", "PyEval_RestoreThread", "PyThread_acquire_lock", "PyThread_release_lock")
"""What kernels call of Python's C API."""
METH_FASTCALL = 0x80
"""What Python's C API calls the kind of a method that is given the address of its arguments, and their number."""
FINGERPRINT = 16
"""Bytes before the code in a cached file, by which a damaged one is known."""
PACKAGE = Path(__file__).resolve().parent.parent


def cache_folder() -> Path:
    """Where compiled kernels are kept: XONET_CACHE_DIR, or `xonet` in the user's cache folder."""
    if chosen := os.environ.get("XONET_CACHE_DIR"):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home, as in some containers: below a file no folder can be made
        home = Path(os.devnull)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(base) / "xonet"


@cache
def digest() -> str:
    """What compiled code depends on: the kernels' sources, the versions of what compiles them, and the processor."""
    found = hashlib.blake2b(digest_size=12)
    for source in sorted([*PACKAGE.glob("kernels/*.py"), *PACKAGE.glob("**/native.py")]):
        found.update(source.relative_to(PACKAGE).as_posix().encode() + b"\0" + source.read_bytes())
    versions = [version("numba"), version("llvmlite"), sys.version, *target.processor()]
    found.update("\0".join(versions).encode())
    return found.hexdigest()


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
        self.compile_seconds = 0.0

    def addresses(self, kernels: Iterable[Kernel], announce: Callable[[int], None] | None = None) -> dict[Kernel, int]:
        """Where each kernel's entry lies; `announce` is told how many have to be compiled, before that begins."""
        wanted = list(dict.fromkeys(kernels))
        if any(kernel not in self._addresses for kernel in wanted):
            self._turn.take(self._find, wanted, announce)
        return {kernel: self._addresses[kernel] for kernel in wanted}

    def _find(self, wanted: list[Kernel], announce: Callable[[int], None] | None) -> None:
        new = [kernel for kernel in wanted if kernel not in self._addresses]
        folder = cache_folder() / digest()
        code: dict[str, Any] = {name: _read(folder / f"{name}.o") for name in [kernel.name for kernel in new]}
        if TILES not in self._loaded:
            code = {TILES: _read(folder / f"{TILES}.o"), **code}
        missing = [name for name, compiled in code.items() if compiled is None]
        if missing:
            if announce:
                announce(len(missing))
            began = time.perf_counter()
            by_name = {kernel.name: kernel for kernel in new}
            for name in missing:
                code[name] = UNFORKABLE.take(_compiled, by_name.get(name))
                _keep(folder, f"{name}.o", code[name])
                UNFORKABLE.give_way()
            self.compile_seconds += time.perf_counter() - began
        UNFORKABLE.take(self._load, code, new)

    def _load(self, code: dict[str, bytes], new: list[Kernel]) -> None:
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
    """The object code of a kernel, or of the register tiles."""
    compiling = import_module("xonet.kernels.compiling")
    return bytes(compiling.compile_kernel(kernel) if kernel else compiling.compile_tiles())


def _read(path: Path) -> bytes | None:
    """Object code that `_keep` wrote, or None: LLVM ends the process when it is given anything else."""
    try:
        whole = path.read_bytes()
    except OSError:
        return None
    fingerprint, code = whole[:FINGERPRINT], whole[FINGERPRINT:]
    return code if fingerprint == _fingerprint(code) else None


def _fingerprint(code: bytes) -> bytes:
    return hashlib.blake2b(code, digest_size=FINGERPRINT).digest()


def _keep(folder: Path, name: str, data: bytes) -> None:
    """Write a fingerprint and the code beside, then rename.

    Two processes that fill the folder at once do no harm, nor does one that is killed, nor a disk that loses a part.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_fingerprint(data) + data)
            os.replace(beside, folder / name)
        except BaseException:
            os.unlink(beside)
            raise
    except OSError:
        pass  # a home that cannot be written costs time at the next start, nothing else


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


class _Method(ctypes.Structure):
    """`PyMethodDef` of Python's C API."""

    _fields_ = (("name", ctypes.c_char_p), ("code", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p))


_DESCRIBED: dict[int, _Method] = {}
"""By address; each must live as long as any method that was made of it."""


def method(address: int, owner: object) -> Callable[..., Any]:
    """A method kernel as a method of `owner`: called in a tenth of the time that ctypes takes."""
    make = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.POINTER(_Method), ctypes.py_object, ctypes.c_void_p)
    described = _DESCRIBED.setdefault(address, _Method(b"method", address, METH_FASTCALL, None))
    made = make(("PyCFunction_NewEx", ctypes.pythonapi))(described, owner, None)
    assert callable(made)
    return made
