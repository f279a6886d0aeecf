"""Measures alternatives in turns, A B A B, so that whatever slows the machine slows all of them."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

Runner = Callable[[int], None]
"""Runs what is measured that many times."""

PAUSE = 0.02
"""Seconds before a turn: threads of the previous one may still be spinning for work."""
QUIET = 0.1
"""The fraction of the machine that other processes may use during a turn; otherwise it is measured again."""
WAIT = 0.1
"""Seconds from one look at what others do to the next."""
TICK = 0.01
"""The resolution of a system's accounting of processor time, in seconds."""


@dataclass
class Effort:
    """How long a measurement may take."""

    rounds: int
    turn: float
    """Seconds of a turn."""
    patience: float
    """Seconds that may still be spent, in all, waiting for other processes to leave the machine alone."""
    threads: int = 2
    """Of each side."""
    busy: bool = False
    """Whether they will not: then time is counted as processors do, which says nothing of more than one thread."""

    def now(self) -> float:
        """Seconds since some starting point."""
        return time.process_time() if self.busy else time.perf_counter()


@dataclass
class Result:
    """Seconds per run, turn by turn."""

    turns: dict[str, list[float]]
    singles: dict[str, list[float]]
    """Where every time was measured by itself: all of them."""
    disturbed: int
    """Turns that other processes disturbed every time they were measured."""

    def seconds(self, name: str) -> float:
        """The median."""
        return statistics.median(self.turns[name])

    def percentile(self, name: str, share: float) -> float:
        """The time below which a fraction `share` of the single runs stay."""
        times = sorted(self.singles[name])
        return times[min(len(times) - 1, int(share * len(times)))]

    def ratio(self, name: str, to: str) -> float:
        """How many times longer `name` took than `to`: the median over the rounds, whose turns are neighbours."""
        return statistics.median(a / b for a, b in zip(self.turns[name], self.turns[to], strict=True))

    def fastest(self, names: Iterable[str]) -> str:
        """The one with the smallest median."""
        return min(names, key=self.seconds)


def contest(runners: Mapping[str, Runner], effort: Effort, each: bool = False) -> Result:
    """Let the runners have their turns, one each a round.

    A turn's result is the mean of its times, or with `each` their median, every one measured by itself.
    """
    times = {name: _times(runner, effort) for name, runner in runners.items()}
    result = Result({name: [] for name in runners}, {name: [] for name in runners}, 0)
    for _ in range(effort.rounds):
        for name, runner in runners.items():
            quiet = False
            while not quiet:
                wait(effort)
                begin = time.perf_counter()
                found, quiet = _measure(runner, times[name], effort, each)
                if effort.patience <= 0:
                    break
                effort.patience -= 0 if quiet else time.perf_counter() - begin
            result.disturbed += not quiet
            result.turns[name].append(statistics.median(found))
            if each:
                result.singles[name] += found
    return result


def wait(effort: Effort) -> None:
    """Until others leave the machine alone, or patience ends."""
    while not effort.busy and effort.patience > 0:
        others = _others()
        time.sleep(WAIT)
        if _others() - others <= QUIET * WAIT + TICK:
            break
        effort.patience -= WAIT


def _times(runner: Runner, effort: Effort) -> int:
    """How many times make a turn; the first time, which loads and compiles, does not tell."""
    runner(1)
    wait(effort)
    times, seconds = 1, min(_timed(runner, 1, effort) for _ in range(2))
    while seconds < effort.turn / 10:
        times *= 4
        seconds = _timed(runner, times, effort)
    return math.ceil(times * effort.turn / seconds)


def _timed(runner: Runner, times: int, effort: Effort) -> float:
    begin = effort.now()
    runner(times)
    return effort.now() - begin


def _measure(runner: Runner, times: int, effort: Effort, each: bool) -> tuple[list[float], bool]:
    """(seconds for one time, or for each, whether others left the machine alone meanwhile, or it does not matter)."""
    time.sleep(PAUSE)
    runner(1)
    others, begin = _others(), time.perf_counter()
    if each:
        seconds = [_timed(runner, 1, effort) for _ in range(times)]
    else:
        seconds = [_timed(runner, times, effort) / times]
    others = _others() - others
    return seconds, effort.busy or others <= QUIET * (time.perf_counter() - begin) + TICK


def _others() -> float:
    """Seconds that other processes have had so far, divided by the processors; 0 where the system does not say."""
    try:
        ticks = [int(number) for number in Path("/proc/stat").read_text(encoding="ascii").split()[1:9]]
    except OSError:
        return 0.0
    busy = sum(ticks) - ticks[3] - ticks[4]  # without those that were idle or waited for a disk
    return (busy / os.sysconf("SC_CLK_TCK") - time.process_time()) / (os.cpu_count() or 1)
