"""How much a call does, counted and not timed: machines differ, and are busy."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any


def lines(function: Callable[[], Any]) -> int:
    """How many lines of Python a call runs."""
    count = 0

    def watch(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        function()
    finally:
        sys.settrace(before)
    return count


def kilobytes(function: Callable[[], Any]) -> int:
    """How much memory a call has at most, beside what was there, in KiB."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1] >> 10
    finally:
        tracemalloc.stop()
