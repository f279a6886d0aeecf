"""Where the time of a training step goes, kernel by kernel; `xonet bench` says it layer by layer.

The timer counts a processor's seconds, so that it does not matter whether other processes use the machine.

`python -m tests.benchmarks.rows vgg6 --batch 64`
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.cases import CASES, task
from xonet.bench.layers import Timing, profile
from xonet.layers import LAYERS


def table(timings: list[Timing]) -> Iterator[str]:
    """Markdown: every line, then sums by kernel."""
    in_all = sum(timing.seconds for timing in timings)
    kinds: dict[tuple[str, ...], float] = {}
    yield from ("| way | layer | kernel | µs a step | share |", "|---|---|---|--:|--:|")
    for timing in timings:
        place, word = (timing.owner.path, LAYERS.word(timing.owner.layer)) if timing.owner else ("", "")
        key = (timing.way, word, timing.kernel.name.removeprefix("xonet.").removeprefix("layers."))
        kinds[key] = kinds.get(key, 0.0) + timing.seconds
        yield _cells(timing.way, f"{place} {word}", key[2], timing.seconds, in_all)
    yield from ("\n| way | layer | kernel | µs a step | share |", "|---|---|---|--:|--:|")
    for key, seconds in sorted(kinds.items(), key=lambda item: -item[1]):
        yield _cells(*key, seconds, in_all)
    yield _cells("all", "", "", in_all, in_all)


def _cells(way: str, layer: str, kernel: str, seconds: float, in_all: float) -> str:
    return f"| {way} | {layer} | {kernel} | {seconds * 1e6:,.1f} | {seconds / in_all:.1%} |"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rows", description=__doc__)
    parser.add_argument("name", choices=CASES)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=1.0)
    options = parser.parse_args()
    timings = profile(task(options.name, options.batch), options.seconds, time.thread_time)
    print("\n".join(table(timings)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
