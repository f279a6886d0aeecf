"""How much memory this machine has for the process, to refuse in words what the system would kill it for."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where Linux says how much a container may take."""


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
