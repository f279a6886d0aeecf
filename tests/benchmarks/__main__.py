"""One command that measures all, and writes tables in Markdown: `python -m tests.benchmarks`.

A ratio is the peer's time divided by ours, the median over rounds in which both have their turn: more than 1 is faster.
`xonet bench` does the same for any network file.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.benchmarks import inference, memory, mnist, start, training
from tests.benchmarks.cases import CASES
from tests.benchmarks.report import Report
from xonet.bench.contest import Effort, wait
from xonet.bench.machine import in_words, machine, versions

SECTIONS = {
    "training": training.tables,
    "inference": inference.tables,
    "memory": memory.tables,
    "mnist": mnist.tables,
    "start": start.tables,
}
PACKAGES = ("numpy", "numba", "torch", "onnxruntime", "jax")
QUIET = "Two threads on each side. "
BUSY = "One thread on each side, in seconds of a processor, on a machine that others used too. "
NOTE = (
    "Data in memory, float32 and random, where it is not MNIST; medians of alternating turns, in one process where "
    "processes are not what is measured. Of all peers and their ways, the fastest of each row. Ratio: its time, or "
    "memory, divided by ours. Of peak: multiply-adds, without those on padding, beside the peak of as many threads."
)


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--section", action="append", choices=SECTIONS, help="this section only; may be repeated")
    parser.add_argument("--only", action="append", choices=CASES, help="this network only; may be repeated")
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
    effort = Effort(rounds, turn, options.patience, 1 if options.busy else 2, options.busy)
    report = Report(options.output)
    wait(effort)
    report.line(f"{in_words(machine(effort.threads), versions(PACKAGES))}.\n")
    report.line((BUSY if options.busy else QUIET) + NOTE)
    for section in options.section or SECTIONS:
        for table in SECTIONS[section](options.only or list(CASES), effort):
            report.table(table)
    if report.disturbed:
        report.line(f"\nOther processes disturbed {report.disturbed} turns: these figures are not to be relied on.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
