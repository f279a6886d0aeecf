"""Where pictures come from: sources, one room each.

A room's `__init__` declares (fields, and what can be checked without reading a file). What reads or draws lies beside
it and is imported only when data is wanted: `validate` reads every declaration and needs neither NumPy nor Pillow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xonet.language.families import Family
from xonet.language.fields import Record
from xonet.language.shapes import Misfit, Shape

if TYPE_CHECKING:
    import numpy as np


class DataError(Exception):
    """Data that cannot be read: one line that names the file and says what was expected and what was found."""


@dataclass
class Dataset:
    """Pictures with what they show.

    `pictures` is (n, height, width, channels), or (n, features) for rows of numbers: uint8 where values are raw
    (0 black to 255 white), float32 where they are network values already. `targets` is (n,) class indices,
    (n, outputs) values, or None.
    """

    pictures: np.ndarray
    targets: np.ndarray | None
    names: list[str] | None = None
    """What each picture is called, where it has a name: a file, a label."""
    notes: list[str] = field(default_factory=list)
    """What a user is told once about the data: that pictures were resized, or became grey."""

    def __len__(self) -> int:
        return len(self.pictures)

    def take(self, indices: np.ndarray) -> Dataset:
        """The pictures at `indices`, in that order, with the same notes."""
        return Dataset(
            self.pictures[indices],
            None if self.targets is None else self.targets[indices],
            None if self.names is None else [self.names[i] for i in indices],
            self.notes,
        )


@dataclass(frozen=True)
class Wanted:
    """What a source is asked for: the network's input and classes, and where paths of the file begin."""

    shape: Shape
    classes: tuple[str, ...]
    """Empty for regression."""
    root: Path


class DataSource(Record):
    """Base of every source; a room overrides `check` and `read_data`."""

    def load(self, wanted: Wanted) -> Dataset:
        """The data.

        Raises:
            DataError: where a file is missing, broken, or not what was expected.
        """
        try:
            self.check(wanted)
        except Misfit as misfit:
            raise DataError(f"{SOURCES.word(self)}: {misfit.message}") from None
        return self.read_data(wanted)

    def check(self, wanted: Wanted) -> None:
        """Refuse what cannot be right whatever the files hold; `validate` asks this, so it reads none.

        Raises:
            Misfit: where this source cannot give such pictures or classes.
        """

    def paths(self) -> list[tuple[str, str]]:
        """The files and folders it reads, each with the knob that names it; none for a source that draws."""
        return []

    def size(self, root: Path) -> int | None:
        """How many pictures it gives, where that is known without reading one; None otherwise.

        `root` is where its paths begin. Files are looked at only by a source that has `paths`.
        """
        return None

    def label_names(self, root: Path) -> Iterable[str]:
        """The labels in its files, where they are words that are known without reading pictures; otherwise none."""
        return ()

    def read_data(self, wanted: Wanted) -> Dataset:
        """The data, of a source that passed `check`.

        Raises:
            DataError: where a file is missing, broken, or not what was expected.
        """
        raise NotImplementedError


SOURCES: Family[DataSource] = Family("source", "xonet.data", DataSource)
"""Every source of the language."""


def needs_picture(word: str, shape: Shape, channels: Sequence[int] = (1, 3)) -> None:
    """Refuse an input that is no picture, or has a number of channels that the source `word` cannot give.

    Raises:
        Misfit: `source-mismatch`, pointing at the source's word.
    """
    if not shape.is_picture:
        raise Misfit(
            "source-mismatch",
            f"{word} gives pictures, and the input is a row of {shape} numbers",
            help="write input: {height: 28, width: 28}, with the pictures' size",
        )
    if shape.channels not in channels:
        known = " or ".join(map(str, channels))
        raise Misfit(
            "source-mismatch",
            f"{word} gives pictures of {known} channel(s), and the input has {shape.channels}",
            help=f"let the input have channels: {channels[0]}",
        )
