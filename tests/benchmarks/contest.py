"""Measures several ways of doing the same in turn, A B A B, so that whatever slows the machine slows all of them."""

from __future__ import annotations

import math
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
AGAIN = 4
"""How often at most."""


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
        """How many times longer `name` took than `to`: the median over the rounds, whose two turns are neighbours."""
        return statistics.median(a / b for a, b in zip(self.turns[name], self.turns[to], strict=True))

    def fastest(self, names: list[str]) -> str:
        """Whose median is least."""
        return min(names, key=self.seconds)


def contest(runners: Mapping[str, Runner], rounds: int, turn: float) -> Result:
    """Let each runner have `rounds` turns of about `turn` seconds, one turn each a round."""
    times = {name: _times(runner, turn) for name, runner in runners.items()}
    turns: dict[str, list[float]] = {name: [] for name in runners}
    disturbed = 0
    for _ in range(rounds):
        for name, runner in runners.items():
            for _ in range(AGAIN):
                seconds, others = _measure(runner, times[name])
                if others <= QUIET:
                    break
            disturbed += others > QUIET
            turns[name].append(seconds / times[name])
    return Result(turns, disturbed)


def _times(runner: Runner, turn: float) -> int:
    """How many times make a turn; also warms everything up."""
    runner(1)
    times, seconds = 1, 0.0
    while seconds < turn / 10:
        times = min(8 * times, math.ceil(times * turn / seconds)) if seconds else times
        begin = time.perf_counter()
        runner(times)
        seconds = time.perf_counter() - begin
    return max(1, round(times * turn / seconds))


def _measure(runner: Runner, times: int) -> tuple[float, float]:
    """(seconds, the share of the machine that others used meanwhile)."""
    time.sleep(PAUSE)
    runner(1)
    others, begin = _others(), time.perf_counter()
    runner(times)
    seconds = time.perf_counter() - begin
    return seconds, (_others() - others) / seconds


def _others() -> float:
    """Seconds that other processes have used so far, a processor; 0 where the system does not say."""
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()
    except OSError:
        return 0.0
    user, nice, system, _idle, _wait, *interrupts = (int(number) / 100 for number in first[1:9])
    return (user + nice + system + sum(interrupts) - time.process_time()) / _processors()


def _processors() -> int:
    import os

    return os.cpu_count() or 1
