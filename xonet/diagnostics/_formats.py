"""What a renderer is given, and how renderers are found: each module of this folder is an output format."""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from textwrap import indent
from typing import NamedTuple, Protocol, cast

from xonet.diagnostics import Diagnostic


class Checked(NamedTuple):
    """A file that was checked."""

    name: str
    """As its source has it."""
    diagnostics: Sequence[Diagnostic]
    """In source order."""


@dataclass(frozen=True)
class Report:
    """The outcome of a check."""

    files: Iterable[Checked]
    """One after another, once: a format keeps none of them, so that there may be any number."""
    color: bool = False
    """Whether text may be coloured."""
    quiet: bool = False
    """Whether text leaves out the line that counts."""


@dataclass
class Tally:
    """Counts what passes through."""

    files: int = 0
    errors: int = 0
    warnings: int = 0

    def __call__(self, files: Iterable[Checked]) -> Iterator[Checked]:
        """The same files."""
        for file in files:
            self.files += 1
            errors = sum(diagnostic.severity == "error" for diagnostic in file.diagnostics)
            self.errors += errors
            self.warnings += len(file.diagnostics) - errors
            yield file

    def __str__(self) -> str:
        """One line: how much was found in how many files."""
        found = [_count(count, noun) for count, noun in ((self.errors, "error"), (self.warnings, "warning")) if count]
        return f"{' and '.join(found) or 'nothing wrong'} in {_count(self.files, 'file')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


class Format(Protocol):
    """A module of this folder."""

    HELP: str

    def write(self, report: Report) -> Iterator[str]:
        """The output, piece by piece; empty, or ended by a line break."""
        ...


def formats() -> list[str]:
    """The names of all formats."""
    modules = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(module.name for module in modules if not module.ispkg and not module.name.startswith("_"))


def load_format(name: str) -> Format:
    """One format."""
    return cast(Format, import_module(f"xonet.diagnostics.{name}"))


def json_list(entries: Iterable[object], depth: int) -> Iterator[str]:
    """A list in JSON, an entry at a time, that stands `depth` levels deep."""
    outside, between = "  " * depth, "[\n"
    for entry in entries:
        yield between + indent(json.dumps(entry, indent=2), outside + "  ")
        between = ",\n"
    yield "[]" if between == "[\n" else f"\n{outside}]"
