"""Formats of changes, found by listing their folder."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from xonet.network.changes import Changes


FORMATS = "xonet.pictures.changes"


class Format(Protocol):
    """A module of this folder."""

    def render(self, changes: Changes, color: bool = False) -> str:
        """Whole lines, each ended."""
        ...


def formats() -> list[str]:
    """The names of all formats."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(import_module(FORMATS).__path__)
        if not module.name.startswith("_")
    )


def format_named(name: str) -> Format:
    """One of `formats()`."""
    return cast(Format, import_module(f"{FORMATS}.{name}"))
