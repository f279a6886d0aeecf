"""The machine used: the processor, its multiply-add peak, and the versions of everything involved."""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from xonet.bench.native import multiply
from xonet.kernels import LANES, target
from xonet.kernels.loading import entry, library
from xonet.program.alignment import aligned
from xonet.version import __version__

DEPTH = 2000
"""Products in one run of the tile."""
TIMES = 1000
"""Runs of the tile in one call."""
TRIES = 20


@cache
def peak(threads: int) -> float:
    """Multiply-adds per second, two operations each, of `threads` threads at once: the best of many tries."""
    rows, pixels = max(target.tile_sizes(), key=lambda size: size[0] * size[1])
    call = entry(library().addresses([multiply])[multiply])
    workers = [_Worker(call, rows, pixels) for _ in range(threads)]
    least = min(_together(workers) for _ in range(TRIES))
    return 2 * threads * TIMES * DEPTH * rows * pixels * LANES / least


class _Worker:
    """Multiplies on memory of its own, which lives as long as it does."""

    def __init__(self, call: Callable[[int], None], rows: int, pixels: int) -> None:
        self.call = call
        self.memory = w, x, y = [aligned(count * LANES) for count in (1, pixels, rows * pixels)]
        for array in self.memory:
            array[...] = 0.5
        places = [array.ctypes.data for array in (w, x, y)]
        self.arguments = np.array([rows, pixels, *places[:2], DEPTH, places[2], TIMES], np.int64)

    def run(self, number: int, threads: int) -> None:
        """One call, on a thread of its own, and on a processor of its own where there is one for each."""
        if hasattr(os, "sched_setaffinity"):
            processors = sorted(os.sched_getaffinity(0))
            if len(processors) == threads:
                with suppress(OSError):  # not everybody may
                    os.sched_setaffinity(0, {processors[number]})
        self.call(self.arguments.ctypes.data)


def _together(workers: list[_Worker]) -> float:
    """Seconds until all have made a call."""
    threads = [threading.Thread(target=worker.run, args=(n, len(workers))) for n, worker in enumerate(workers)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin


def machine(threads: int) -> dict[str, Any]:
    """The processor, and its peak on one thread and on `threads`."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "system": platform.system(),
        "peak_gflops": {str(count): round(peak(count) / 1e9, 1) for count in sorted({1, threads})},
    }


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Of xonet, Python and those of the packages that are installed."""
    found = {"xonet": __version__, "Python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def in_words(machine: dict[str, Any], versions: dict[str, str]) -> str:
    """Both in one line."""
    peaks = [f"{gflops:.0f} GFLOP/s on {in_threads(int(count))}" for count, gflops in machine["peak_gflops"].items()]
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; "
        f"multiply-adds, measured: {', '.join(peaks)}; "
        f"{', '.join(f'{name} {number}' for name, number in versions.items())}"
    )


def in_threads(count: int) -> str:
    """A number of threads."""
    return "one thread" if count == 1 else f"{count} threads"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    return model + "".join(f", {shown}" for flag, shown in (("avx2", "AVX2"), ("avx512f", "AVX-512")) if flag in flags)
