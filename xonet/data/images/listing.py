"""The pictures of a source as they were found, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xonet.data import DataError, Remark, Wanted
from xonet.language.words import closest, counted, same_name

A_PICTURE = "expected a picture (PNG, JPEG, BMP, GIF, WebP, …)"


class Row(NamedTuple):
    """One picture that is to be read."""

    path: Path
    label: int | tuple[float, ...] | None
    """The index of its class; or for each label 1 if it holds and 0 if not; or its values."""
    key: str
    """What it is called wherever the data lies: its path below the folder, or as the list names it."""


@dataclass
class Listing:
    """The pictures of a source, in their order, and what was left out."""

    rows: list[Row] = field(default_factory=list)
    left_out: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    """What one of a kind is called, where they are, and what to do about it; with the names of those left out."""
    bytes: int = 0
    most: int | None = None
    """How many pictures are wanted at most; all of them unless given."""
    is_partial: bool = False
    """Whether there are more."""

    def leave_out(self, noun: str, where: str, help: str, names: list[str]) -> None:
        """Names that are no part of the data, to be told: so many times `noun`, and `where` after it."""
        if names:
            self.left_out.setdefault((noun, where, help), []).extend(names)

    def remarks(self, knob: str) -> list[Remark]:
        """One line for each kind of thing left out."""
        return [
            Remark(
                f"{counted(len(names), noun)}{where}, left out of {counted(len(self.rows), 'picture')}: {names[0]}",
                help,
                "left-out",
                knob,
            )
            for (noun, where, help), names in self.left_out.items()
        ]


def near(label: str, wanted: Wanted) -> str:
    """`did you mean CLASS? `, where a label is almost one."""
    found = closest(same_name(label), wanted.classes or wanted.labels)
    return f"did you mean {found}? " if found else ""


def check_size(path: str | Path, size: int, knob: str) -> int:
    """The size of a picture's file.

    Raises:
        DataError: where it is empty.
    """
    if not size:
        raise DataError(f"{path}: {A_PICTURE}, found an empty file", knob=knob, help="delete it, or copy it again")
    return size
