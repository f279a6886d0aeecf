"""What is wrong with a network file, and where: plain records that every renderer only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


@dataclass(frozen=True, eq=False)
class Source:
    """A text that diagnostics point into: a network file, or an argument such as `--set training.epochs=3`."""

    name: str
    text: str

    def line(self, number: int) -> str:
        """The text of line `number`, counted from 1; an empty string past the end."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


class Span(NamedTuple):
    """A stretch of a source; lines and columns count from 1 in characters, the end is exclusive."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Note:
    """A remark beside a finding, with a place of its own where it has one."""

    text: str
    span: Span | None = None


@dataclass(frozen=True)
class Diagnostic:
    """One finding: a stable kebab-case code, its severity, what is wrong, the exact span, and what to type instead."""

    code: str
    message: str
    span: Span
    severity: Severity = "error"
    label: str = ""
    """Said under the caret: the arithmetic, or what is known about the spot."""
    notes: tuple[Note, ...] = ()
    help: str = ""


class InvalidNetwork(Exception):
    """A network file with errors; `diagnostics` holds every finding, in source order."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(f"{len(diagnostics)} finding(s), the first: {diagnostics[0].message}" if diagnostics else "")
        self.diagnostics = diagnostics
