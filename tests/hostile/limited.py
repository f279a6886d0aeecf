"""Runs `xonet validate` in a process of its own that may use 300 MB, and that reports what it tried.

As a script it is that process: it sets its own limits, listens to Python's audit events, and runs the command.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

MEMORY = 300 * 2**20
SECONDS = 2.0
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.remove",
    "os.mkdir",
    "os.rename",
    "ctypes.",
)


class Outcome(NamedTuple):
    """How the command ended."""

    status: int
    out: str
    err: str
    seconds: float
    """Of processor time: the machine may be busy with other things."""
    peak: int
    """Bytes."""


def validate(*arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"") -> Outcome:
    """`xonet validate ARGUMENTS`, given up after ten seconds."""
    command = [sys.executable, __file__, *map(str, arguments)]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        command, capture_output=True, cwd=cwd, input=stdin, timeout=10, env={"PYTHONPATH": root, "PYTHONUTF8": "1"}
    )
    err, _, used = done.stderr.decode().rpartition("used ")
    assert used, f"it died: {done.returncode} {done.stderr!r}"
    seconds, peak = used.split()
    return Outcome(done.returncode, done.stdout.decode(), err, float(seconds), int(peak))


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    writes = event == "open" and isinstance(arguments[1], str) and any(letter in arguments[1] for letter in "wax+")
    if event.startswith(FORBIDDEN) or writes:
        print(f"forbidden: {event} {arguments}", file=sys.stderr)


def _peak() -> int:
    """The most memory this process had; what getrusage says may be its parent's, from before exec."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from xonet.cli import main

    sys.addaudithook(_forbid)
    try:
        return main(["validate", *sys.argv[1:]])
    finally:
        print(f"used {time.process_time()} {_peak()}", file=sys.stderr)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    sys.exit(_main())
