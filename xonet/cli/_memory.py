"""Too little memory ends in a line: a library that finds none ends the process with words of its own, or hangs.

So what such libraries need is asked for before they are imported, where `ulimit` limits it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from xonet.machine import blas_threads, limits, must_be_free

START = (20, 16)
"""MiB of addresses, and of data, that the command's own modules take."""
NEEDS = {"llvmlite": (192, 32), "torch": (640, 192), "onnxruntime": (128, 64)}
"""The same of libraries, as measured, and half as much again; NumPy's depend on its threads."""
NOT_THERE = ("failed to map segment", "annot allocate memory")
"""What other errors say where memory is what is missing."""
THREADS = "OPENBLAS_NUM_THREADS"
"""How many threads OpenBLAS starts as it is imported."""
NOTHING = 2**22
"""Bytes; where fewer are left, whatever fails fails for want of memory."""
_set: list[str] = []
"""Variables that `prepare` set."""


class _Asks:
    """Stands before Python's own finders of modules, finds nothing, and refuses what there is no room for."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "numpy":
            must_be_free("NumPy", 64 + 48 * blas_threads(), 32 + 48 * blas_threads())
        elif name in NEEDS:
            must_be_free(name, *NEEDS[name])


def prepare() -> None:
    """For a process that is the command and nothing else, before it imports NumPy."""
    # Only the reference engine multiplies matrices; each thread takes 40 MiB, and one that cannot be started is told.
    if THREADS not in os.environ:
        os.environ[THREADS] = "1"
        _set.append(THREADS)
    if limits():
        sys.meta_path.insert(0, _Asks())


def leave_to_others() -> None:
    """Once NumPy is imported: what `prepare` set for it is not for libraries that are measured beside it."""
    while _set:
        os.environ.pop(_set.pop(), None)


def in_memory(work: Callable[[], int]) -> int:
    """What `work` gives; 2 with a line on stderr where there is too little memory for it."""
    try:
        must_be_free("xonet", *START)
        return work()
    except Exception as error:
        if "can't start new thread" in str(error):
            print("xonet: cannot start a thread; see `ulimit -u`", file=sys.stderr)
            return 2
        lacking = isinstance(error, MemoryError) or any(words in str(error) for words in NOT_THERE)
        if not lacking and all(limit.free > NOTHING for limit in limits()):
            raise
        told = ": ".join(["xonet: not enough memory", *str(error).splitlines()[:1]])
        allowed = [f"{limit.option} allows {limit.allowed / 2**20:,.0f} MiB" for limit in limits()]
    print("; ".join([told, *allowed]), file=sys.stderr)
    return 2
