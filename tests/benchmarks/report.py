"""Tables in Markdown, as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xonet.bench.contest import Result
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


def peers_there(name: str) -> Iterator[Any]:
    """The peer's room, if it is installed."""
    try:
        yield peer(name)
    except Unable:
        return


def of_peer(result: Result, ways: Sequence[str], shown: Callable[[float], str], tell_way: bool = False) -> list[str]:
    """Cells of a peer: its time as `shown`, perhaps the way that was fastest, and the ratio; or none."""
    if not ways:
        return []
    best = result.fastest(ways)
    return [shown(result.seconds(best)), *([best] if tell_way else []), f"**{result.ratio(best, 'xonet'):.2f}×**"]
