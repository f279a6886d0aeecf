"""The three standard streams, however the process was started."""

from __future__ import annotations

import io
import os
import sys
from typing import Any


def prepare() -> None:
    """Make sure that there is something to write to.

    A descriptor that is closed (`>&-`) leads nowhere from now on: otherwise the next file that is opened would be
    stdout. What cannot be written to stderr is lost, and ends nothing.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free: this one
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None or isinstance(sys.stderr, io.TextIOWrapper):
        encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
        raw = io.BufferedWriter(_Forgiving(2, "w", closefd=False))
        sys.stderr = io.TextIOWrapper(raw, encoding, "backslashreplace", line_buffering=True)


class _Forgiving(io.FileIO):
    """A file that takes everything, whether there is room for it or not."""

    def write(self, data: Any) -> int:
        """As many bytes as there are."""
        try:
            return super().write(data) or 0
        except BlockingIOError:
            raise
        except OSError:
            return memoryview(data).nbytes


def flush() -> OSError | None:
    """Write out what stdout holds; where that fails, why, and from now on it leads nowhere."""
    try:
        sys.stdout.flush()
    except OSError as error:
        lead_nowhere()
        return error
    return None


def lead_nowhere() -> None:
    """Let stdout take everything: nobody reads it, and the interpreter's last flush must not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        pass  # it has no descriptor: it is no real stream
    os.close(nowhere)
