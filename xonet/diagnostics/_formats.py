"""What a renderer is given, and how renderers are found: each module of this folder is an output format."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from xonet.diagnostics import Diagnostic


@dataclass(frozen=True)
class Report:
    """The outcome of a check."""

    diagnostics: Sequence[Diagnostic]
    """Of one file after another, in source order."""
    files: Sequence[str]
    """The names of all files that were checked, as their sources have them."""
    color: bool = False
    """Whether text may be coloured."""
    quiet: bool = False
    """Whether text leaves out the line that counts."""


class Format(Protocol):
    """A module of this folder."""

    HELP: str

    def write(self, report: Report) -> str:
        """The whole output; empty, or ended by a line break."""
        ...


def formats() -> list[str]:
    """The names of all formats."""
    rooms = pkgutil.iter_modules([str(Path(__file__).parent)])
    return sorted(room.name for room in rooms if not room.ispkg and not room.name.startswith("_"))


def load_format(name: str) -> Format:
    """One format."""
    return cast(Format, import_module(f"xonet.diagnostics.{name}"))
