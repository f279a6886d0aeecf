"""One command that measures all, and writes tables in Markdown: `python -m tests.benchmarks`.

A ratio is the peer's time divided by ours, the median over rounds in which both have their turn: more than 1 is faster.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # for `python tests/benchmarks`

from tests.benchmarks import inference, training
from tests.benchmarks.contest import Effort
from tests.benchmarks.machine import description

Row = Callable[[], tuple[list[str], int]]
QUIET = "Two threads on each side. "
BUSY = "One thread on each side, in seconds of a processor, on a machine that others used too. "
NOTE = (
    "Data in memory, float32, random; turns alternate in one process, medians. Ratio: the peer's time divided by ours. "
    "Of peak: multiply-adds, without those on padding, beside the peak of as many threads."
)


class Report:
    """Writes lines as they come, to stdout and to a file."""

    def __init__(self, path: Path | None) -> None:
        self._file = path.open("w", encoding="utf-8") if path else None
        self.disturbed = 0

    def line(self, text: str = "") -> None:
        """One line."""
        print(text, flush=True)
        if self._file:
            self._file.write(text + "\n")
            self._file.flush()

    def table(self, title: str, headings: list[str], rows: list[Row]) -> None:
        """A title and a table; the first column is text, the others are numbers."""
        self.line(f"\n### {title}\n")
        self.line(f"| {' | '.join(headings)} |")
        self.line("|---" + "|--:" * (len(headings) - 1) + "|")
        for row in rows:
            cells, disturbed = row()
            self.line(f"| {' | '.join(cells)} |")
            self.disturbed += disturbed


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=training.CASES, help="this network only; may be repeated")
    parser.add_argument("--quick", action="store_true", help="few and short turns: a first look")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the tables to this file too")
    parser.add_argument(
        "--patience", type=float, default=60, metavar="SECONDS",
        help="how long to wait, in all, for other processes to leave the machine alone",
    )  # fmt: skip
    parser.add_argument(
        "--busy", action="store_true",
        help="for a machine that others use too: one thread on each side, time counted in a processor's seconds",
    )  # fmt: skip
    options = parser.parse_args()
    rounds, turn = (3, 0.1) if options.quick else (7, 0.25)
    effort = Effort(rounds, turn, options.patience, options.busy)
    names = options.only or list(training.CASES)
    report = Report(options.output)
    report.line(description(effort) + "\n\n" + (BUSY if options.busy else QUIET) + NOTE)
    report.table(
        "Training, pictures a second",
        training.HEADINGS,
        [lambda n=name, b=batch: training.row(n, b, effort) for name in names for batch in training.CASES[name]],
    )
    report.table(
        f"Inference, {inference.MANY} pictures at once, pictures a second",
        inference.MANY_HEADINGS,
        [lambda n=name: inference.many_row(n, effort) for name in names],
    )
    report.table(
        "Inference, one picture, time of a call",
        inference.ONE_HEADINGS,
        [lambda n=name: inference.one_row(n, effort) for name in names],
    )
    if report.disturbed:
        report.line(f"\nOther processes disturbed {report.disturbed} turns: these figures are not to be relied on.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
