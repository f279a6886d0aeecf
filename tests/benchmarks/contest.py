"""Measures several ways of doing the same in turn, A B A B, so that whatever slows the machine slows all of them."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Runner = Callable[[int], None]
"""Does what is measured so many times."""

PAUSE = 0.02
"""Seconds before a turn: threads of the one before may still be spinning for work."""
QUIET = 0.1
"""The share of the machine that other processes may use while a turn is measured; otherwise it is measured again."""
WAIT = 0.3
"""Seconds before that."""
TICK = 0.01
"""How exactly a system knows who used its processors."""


@dataclass
class Effort:
    """How long a measurement may take."""

    rounds: int
    turn: float
    """Seconds of a turn."""
    patience: float
    """Seconds that may still be spent, in all, on waiting until other processes leave the machine alone."""


@dataclass
class Result:
    """Seconds for one time, turn by turn."""

    turns: dict[str, list[float]]
    disturbed: int
    """Turns that other processes disturbed every time they were measured."""

    def seconds(self, name: str) -> float:
        """The median."""
        return statistics.median(self.turns[name])

    def ratio(self, name: str, to: str) -> float:
        """How many times longer `name` took than `to`: the median over the rounds, whose turns are neighbours."""
        return statistics.median(a / b for a, b in zip(self.turns[name], self.turns[to], strict=True))

    def fastest(self) -> str:
        """Whose median is least."""
        return min(self.turns, key=self.seconds)


def contest(runners: Mapping[str, Runner], effort: Effort, each: bool = False) -> Result:
    """Let the runners have their turns, one each a round.

    A turn's result is the mean of its times, or with `each` their median, every one measured by itself.
    """
    times = {name: _times(runner, effort.turn) for name, runner in runners.items()}
    turns: dict[str, list[float]] = {name: [] for name in runners}
    disturbed = 0
    for _ in range(effort.rounds):
        for name, runner in runners.items():
            while True:
                begin = time.perf_counter()
                seconds, quiet = _measure(runner, times[name], each)
                if quiet or effort.patience <= 0:
                    break
                time.sleep(WAIT)
                effort.patience -= time.perf_counter() - begin
            disturbed += not quiet
            turns[name].append(seconds)
    return Result(turns, disturbed)


def _times(runner: Runner, turn: float) -> int:
    """How many times make a turn; also warms everything up."""
    times, seconds = 1, _timed(runner, 1)
    while seconds < turn / 10:
        times *= 4
        seconds = _timed(runner, times)
    return math.ceil(times * turn / seconds)


def _timed(runner: Runner, times: int) -> float:
    begin = time.perf_counter()
    runner(times)
    return time.perf_counter() - begin


def _measure(runner: Runner, times: int, each: bool) -> tuple[float, bool]:
    """(seconds for one time, whether others left the machine alone meanwhile)."""
    time.sleep(PAUSE)
    runner(1)
    others, begin = _others(), time.perf_counter()
    if each:
        seconds = statistics.median(_timed(runner, 1) for _ in range(times))
    else:
        seconds = _timed(runner, times) / times
    others = _others() - others
    return seconds, others <= QUIET * (time.perf_counter() - begin) + TICK


def _others() -> float:
    """Seconds that other processes have had so far, divided by the processors; 0 where the system does not say."""
    try:
        ticks = [int(number) for number in Path("/proc/stat").read_text(encoding="ascii").split()[1:9]]
    except OSError:
        return 0.0
    busy = sum(ticks) - ticks[3] - ticks[4]  # without those that were idle or waited for a disk
    return (busy / os.sysconf("SC_CLK_TCK") - time.process_time()) / (os.cpu_count() or 1)
