"""Where pictures come from: sources, one room each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xonet.language.families import Family
from xonet.language.fields import Record
from xonet.language.shapes import Shape

if TYPE_CHECKING:
    import numpy as np


class DataError(Exception):
    """Data that cannot be read: one line that names the file and says what was expected."""


@dataclass
class Dataset:
    """Pictures with what they show.

    `pictures` is (n, height, width, channels), or (n, features) for rows of numbers: uint8 where values are raw (0 black to 255 white), float32
    where they are network values already. `targets` is (n,) class indices, (n, outputs) values, or None.
    """

    pictures: np.ndarray
    targets: np.ndarray | None
    names: list[str] | None = None
    """What each picture is called, where it has a name: a file, a label."""

    def __len__(self) -> int:
        return len(self.pictures)


@dataclass(frozen=True)
class Wanted:
    """What a source is asked for: the network's input and classes, and where paths of the file begin."""

    shape: Shape
    classes: tuple[str, ...]
    """Empty for regression."""
    root: Path


class DataSource(Record):
    """Base of every source."""

    def load(self, wanted: Wanted) -> Dataset:
        """The data.

        Raises:
            DataError: where a file is missing, broken, or not what was expected.
        """
        raise NotImplementedError


SOURCES: Family[DataSource] = Family("source", "xonet.data", DataSource)
"""Every source of the language."""
