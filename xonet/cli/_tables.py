"""Tables of figures on stdout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table


def print_table(table: Table, color: str) -> None:
    """Print it, as wide as a terminal, otherwise 120 wide; `color` is what `--color` says."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 120
    forced = True if color == "always" else None
    Console(width=width, force_terminal=forced, no_color=True if color == "never" else None).print(table)


def in_bytes(count: int) -> str:
    """A number of bytes with a unit that keeps it short."""
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"


def print_in_groups_only(layers: Sequence[dict[str, Any]], places: Sequence[str]) -> None:
    """Say in a line which layers cannot run on one picture, and what that costs; nothing where all can."""
    if places:
        word = next(layer["layer"] for layer in layers if layer["place"] == places[0])
        others = f" and {len(places) - 1} more" if places[1:] else ""
        print(f"one picture takes as long as sixteen: {places[0]} ({word}){others} cannot run on a single picture")
