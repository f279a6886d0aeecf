"""What is measured on: the processor, its multiply-add peak, and the versions of all that takes part."""

from __future__ import annotations

import os
import platform
import threading
import time
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

import xonet
from tests.benchmarks.contest import Effort, wait
from xonet.engine.storage import aligned
from xonet.kernels import LANES, kernel, target, tile
from xonet.kernels.loading import entry, library

PACKAGES = ("numpy", "numba", "torch", "onnxruntime")
DEPTH = 2000
"""Products in one run of the tile."""
TRIES = 20


@kernel
def multiply(rows, pixels, w, x, depth, y, times):
    """Nothing but the register tile, on numbers that never leave the first cache."""
    for _ in range(times):
        tile(rows, pixels, 1.0, 0, w, 1, 0, 0, 0, x, 16, 0, 0, 0, 1, 1, depth, 0, y, 16 * pixels, 16, 16)


@cache
def peak(threads: int = 1) -> float:
    """Multiply-adds a second, counted as two operations each, of `threads` threads at once: the most of many tries."""
    rows, pixels = max(target.tile_sizes(), key=lambda size: size[0] * size[1])
    call, times = entry(library().addresses([multiply])[multiply]), 200
    memory = [[aligned(n * LANES) for n in (1, pixels, rows * pixels)] for _ in range(threads)]
    for arrays in memory:
        for array in arrays:
            array[...] = 0.5
    calls = [
        np.array([rows, pixels, w.ctypes.data, x.ctypes.data, DEPTH, y.ctypes.data, times], np.int64)
        for w, x, y in memory
    ]
    least = min(_together(call, calls) for _ in range(TRIES))
    return 2 * threads * times * DEPTH * rows * pixels * LANES / least


def _together(call: object, calls: list[np.ndarray]) -> float:
    """Seconds until all calls are done, each on a thread of its own."""
    others = [threading.Thread(target=call, args=(arguments.ctypes.data,)) for arguments in calls[1:]]
    begin = time.perf_counter()
    for other in others:
        other.start()
    call(calls[0].ctypes.data)
    for other in others:
        other.join()
    return time.perf_counter() - begin


def description(effort: Effort) -> str:
    """A paragraph on the machine and the versions."""
    for threads in (1, 2):
        wait(effort)
        peak(threads)
    versions = [f"xonet {xonet.__version__}", f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"{package} not installed")
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; multiply-add peak, measured: "
        f"{peak(1) / 1e9:.0f} GFLOP/s on one thread, {peak(2) / 1e9:.0f} on two. {', '.join(versions)}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    return model + "".join(f", {shown}" for flag, shown in (("avx2", "AVX2"), ("avx512f", "AVX-512")) if flag in flags)
