"""How much memory this machine has for the process, to refuse in words what the system would kill it for."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux says how much a container may take."""
_BLAS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
"""What OpenBLAS heeds, in this order."""
MOST_BLAS_THREADS = 64
"""As NumPy's OpenBLAS is built."""


@cache
def memory() -> int:
    """Bytes that the machine has, or that its container may take; very many where that is not known."""
    try:
        least = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        least = 2**62
    for path in _LIMITS:
        try:
            least = min(least, int(Path(path).read_text()))
        except (OSError, ValueError):
            continue
    return least


def must_fit(count: int, what: str) -> None:
    """Refuse what is larger than the whole memory; less may still be too much, when others need some, too.

    Raises:
        MemoryError: naming `what`, and both sizes.
    """
    if count > memory():
        raise MemoryError(
            f"{what}: {count / 2**30:,.1f} GiB do not fit into this machine's {memory() / 2**30:,.1f} GiB"
        )


class Limit(NamedTuple):
    """How much this process may take by one of `ulimit`'s options."""

    option: str
    allowed: int
    free: int
    """Bytes that it has not taken yet."""


def limits() -> list[Limit]:
    """What `ulimit -v` (addresses) and `ulimit -d` (data) allow this process; empty where nothing is limited."""
    if sys.platform != "linux":  # elsewhere such limits have no effect
        return []
    import resource

    allowed = {"-v": resource.getrlimit(resource.RLIMIT_AS)[0], "-d": resource.getrlimit(resource.RLIMIT_DATA)[0]}
    if set(allowed.values()) == {resource.RLIM_INFINITY}:
        return []
    try:
        pages = [int(count) for count in Path("/proc/self/statm").read_text().split()]
    except OSError:
        return []
    used = {"-v": pages[0], "-d": pages[5]}  # proc(5)
    return [
        Limit(f"ulimit {option}", most, max(0, most - used[option] * resource.getpagesize()))
        for option, most in allowed.items()
        if most != resource.RLIM_INFINITY
    ]


def must_be_free(what: str, addresses: int, data: int) -> None:
    """Refuse what libraries would end the process for, or hang, when the memory that they need is not there.

    Args:
        what: what needs it.
        addresses: MiB of addresses that it takes, its libraries' code included.
        data: MiB that it writes to.

    Raises:
        MemoryError: naming `what`, what is needed, and what is left.
    """
    for limit in limits():
        needed = addresses if limit.option == "ulimit -v" else data
        if limit.free < needed * 2**20:
            raise MemoryError(f"{what} needs {needed} MiB, and {limit.free / 2**20:,.0f} MiB are left")


def blas_threads() -> int:
    """How many threads NumPy's OpenBLAS starts, each with some 40 MiB of its own, as it is imported."""
    chosen = next((os.environ[name] for name in _BLAS if os.environ.get(name, "").isdecimal()), "")
    return max(1, min(int(chosen or MOST_BLAS_THREADS), os.cpu_count() or 1, MOST_BLAS_THREADS))
