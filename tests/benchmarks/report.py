"""Tables in Markdown, as they come."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xonet.bench.contest import Result, Runner
from xonet.bench.peers._peer import Unable, peer


@dataclass
class Row:
    """A line of a table."""

    cells: list[str]
    disturbed: int = 0
    """How many turns were."""


@dataclass
class Table:
    """A title, headings and rows, each measured when its turn comes; the first column is text, the others numbers."""

    title: str
    headings: list[str]
    rows: list[Callable[[], Row]]


NAMES = {"torch": "PyTorch", "onnxruntime": "ONNX Runtime", "jax": "JAX"}
"""What each peer is called."""


class Report:
    """Writes lines to stdout and to a file."""

    def __init__(self, path: Path | None) -> None:
        self._file = path.open("w", encoding="utf-8") if path else None
        self.disturbed = 0

    def line(self, text: str = "") -> None:
        """One line."""
        print(text, flush=True)
        if self._file:
            self._file.write(text + "\n")
            self._file.flush()

    def table(self, table: Table) -> None:
        """One table."""
        self.line(f"\n### {table.title}\n")
        self.line(f"| {' | '.join(table.headings)} |")
        self.line("|---" + "|--:" * (len(table.headings) - 1) + "|")
        for row in table.rows:
            done = row()
            cells = done.cells + ["-"] * (len(table.headings) - len(done.cells))
            self.line(f"| {' | '.join(cells)} |")
            self.disturbed += done.disturbed


def of_peers(ask: Callable[[Any], Mapping[str, Runner]], names: Iterable[str] = NAMES) -> dict[str, Runner]:
    """The runners, by "peer, way", that those of the peers have which are installed and can run the network."""
    runners = {}
    for name in names:
        try:
            found = ask(peer(name))
        except Unable as reason:
            print(f"xonet: {reason}", file=sys.stderr, flush=True)
            continue
        runners |= {f"{NAMES[name]}, {way}": runner for way, runner in found.items()}
    return runners


def of_fastest(result: Result, others: Iterable[str], shown: Callable[[float], str]) -> list[str]:
    """Cells of the fastest of all others: who it is and in which way, its time as `shown`, and the ratio; or none."""
    if not others:
        return []
    best = result.fastest(others)
    return [best, shown(result.seconds(best)), f"**{result.ratio(best, 'xonet'):.2f}×**"]
