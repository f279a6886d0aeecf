"""One command that measures all and writes a table in Markdown: `python -m tests.benchmarks`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # for `python tests/benchmarks`

from tests.benchmarks import training
from tests.benchmarks.machine import description

Row = Callable[[], tuple[list[str], int]]


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=training.CASES, help="this network only; may be repeated")
    parser.add_argument("--quick", action="store_true", help="few and short turns: a first look")
    parser.add_argument("--output", type=Path, help="write the tables to this file too")
    options = parser.parse_args()
    rounds, turn = (3, 0.1) if options.quick else (9, 0.25)
    names = options.only or list(training.CASES)
    print(description())
    begin = time.time()
    for n in names:
        for b in training.CASES[n]:
            print(*training.row(n, b, rounds, turn), time.time() - begin, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
