"""Too little memory ends in a line: a library that finds none ends the process with words of its own, or hangs.

So what such libraries need is asked for before they are imported, where `ulimit` limits it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

from xonet.machine import blas_threads, limits, must_be_free

START = (20, 16)
"""MiB of addresses, and of data, that the command's own modules take."""
NEEDS = {"llvmlite": (192, 32), "torch": (640, 192), "onnxruntime": (128, 64)}
"""The same of libraries, as measured, and half as much again; NumPy's depend on its threads."""
NOT_THERE = ("failed to map segment", "annot allocate memory", "can't start new thread")
"""What other errors say where memory is what is missing."""
NOTHING = 2**22
"""Bytes; where fewer are left, whatever fails fails for want of memory."""


class _Asks:
    """Stands before Python's own finders of modules, finds nothing, and refuses what there is no room for."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "numpy":
            must_be_free("NumPy", 64 + 48 * blas_threads(), 32 + 48 * blas_threads())
        elif name in NEEDS:
            must_be_free(name, *NEEDS[name])


def prepare(argv: Sequence[str]) -> None:
    """For a process that is the command and nothing else, before it imports NumPy."""
    if argv[:1] != ["bench"]:  # there, PyTorch's own may heed it
        # Only the reference engine multiplies matrices, and each thread takes 40 MiB.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if limits():
        sys.meta_path.insert(0, _Asks())


def in_memory(work: Callable[[], int]) -> int:
    """What `work` gives; 2 with a line on stderr where there is too little memory for it."""
    try:
        must_be_free("xonet", *START)
        return work()
    except Exception as error:
        lacking = isinstance(error, MemoryError) or any(words in str(error) for words in NOT_THERE)
        if not lacking and all(limit.free > NOTHING for limit in limits()):
            raise
        told = ": ".join(["xonet: not enough memory", *str(error).splitlines()[:1]])
        allowed = [f"{limit.option} allows {limit.allowed / 2**20:,.0f} MiB" for limit in limits()]
    print("; ".join([told, *allowed]), file=sys.stderr)
    return 2
