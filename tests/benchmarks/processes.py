"""Whole processes: how long they take, from the command to its end."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.cases import ROOT
from xonet.bench.contest import Effort, wait

XONET = [sys.executable, "-m", "xonet"]
ALONE = [sys.executable, str(Path(__file__).with_name("alone.py"))]


def timed(command: Sequence[str], **environment: str) -> tuple[float, float, str]:
    """(seconds by the clock, seconds of processors, what it printed) of a command, run in the repository's folder."""
    whole = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    began, used = time.perf_counter(), _processor()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=whole)
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} ended with {done.returncode}: {done.stdout[-500:]} {done.stderr[-500:]}")
    return seconds, _processor() - used, done.stdout


def race(
    commands: Mapping[str, Sequence[str]], rounds: int, effort: Effort, **environment: str
) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Seconds of each command, once a round, turns alternating; and what each printed last.

    On a machine that others use, seconds of processors.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    printed = {}
    for _ in range(rounds):
        for name, command in commands.items():
            wait(effort)
            clock, used, printed[name] = timed(command, **environment)
            seconds[name].append(used if effort.busy else clock)
    return seconds, printed


def ratio(theirs: list[float], ours: list[float]) -> str:
    """How many times longer theirs took: the median over the rounds."""
    return f"**{statistics.median(a / b for a, b in zip(theirs, ours, strict=True)):.2f}×**"


def _processor() -> float:
    """Seconds that all processes started so far have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
