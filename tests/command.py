"""Runs `python -m xonet` as a user does: in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIMEOUT_SECONDS = 600
"""Seconds after which a process is taken to hang; a first one compiles kernels, on a machine that may be busy."""


def environment(**more):
    own = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return {**own, "PYTHONPATH": str(ROOT), **more}


def command(*arguments):
    return [sys.executable, "-m", "xonet", *map(str, arguments)]


def xonet(*arguments, cwd, env=None, stdin=None, options=()):
    """The finished process, with its output as text."""
    whole = [sys.executable, *options, *command(*arguments)[1:]]
    return subprocess.run(
        whole, cwd=cwd, env=environment(**(env or {})), input=stdin, capture_output=True, text=True, check=False,
        timeout=TIMEOUT_SECONDS,
    )  # fmt: skip


def hear_ctrl_c():
    """For a process that is about to begin: what a shell runs in the background is deaf to Ctrl-C, and hands it on.

    So does `nohup`, for a terminal that is closed.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def start(*arguments, cwd, env=None, options=()):
    """The running process; its output waits in pipes."""
    whole = [sys.executable, *options, *command(*arguments)[1:]]
    return subprocess.Popen(
        whole, cwd=cwd, env=environment(**(env or {})), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, preexec_fn=hear_ctrl_c,
    )  # fmt: skip


def wait_until(condition, process):
    """Until `condition()` holds; the process must not end before."""
    end = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.001)


def leftovers(folder):
    """Files in `folder` that only live while something is written."""
    return [path.name for path in Path(folder).rglob(".*")]
