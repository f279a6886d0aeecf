"""What a source is asked for, and what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xonet.language.shapes import Shape
from xonet.language.words import same_name

if TYPE_CHECKING:
    import numpy as np

    from xonet.diagnostics import Diagnostic


class DataError(Exception):
    """Data that cannot be used: one line that names the file and says what was expected and what was found.

    Attributes:
        code: The code of the finding that it becomes where a network file asks for the data; `bad-data` if empty.
        knob: The source's knob that it is about; empty for the source as a whole.
        help: What to do about it.
        note: What else is known.
        finding: The finding at the knob's place in the network file, where one asked for the data.
    """

    def __init__(self, message: str, *, code: str = "", knob: str = "", help: str = "", note: str = "") -> None:
        super().__init__(message)
        self.code, self.knob, self.help, self.note = code, knob, help, note
        self.finding: Diagnostic | None = None


class Remark(NamedTuple):
    """A note about data that can be used nevertheless."""

    message: str
    help: str
    code: str
    knob: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.help}"


@dataclass
class Look:
    """What is known of a source's data before it is read."""

    count: int | None
    """How many pictures there are; None where only reading them tells."""
    keys: Sequence[str] | None = None
    """Each picture's name, wherever the data is stored; without names a picture is identified by its position."""
    remarks: list[Remark] = field(default_factory=list)
    """Notes about it."""
    bytes: int = 0
    """How many bytes its files have."""
    beside: int = 0
    """How many bytes of memory it takes in addition to the pictures themselves."""
    is_partial: bool = False
    """Whether there is more than was looked at: reading it finds what is wrong with the rest."""


@dataclass
class Dataset:
    """Pictures with what they show.

    `pictures` is (n, height, width, channels), or (n, features) for rows of numbers: uint8 where values are raw
    (0 black to 255 white), float32 where they are already network values. `targets` is (n,) class indices,
    (n, outputs) values, or None.
    """

    pictures: np.ndarray
    targets: np.ndarray | None
    names: list[str] | None = None
    """What each picture is called, where it has a name: a file, a label."""
    notes: list[str] = field(default_factory=list)
    """Notes about the data: that pictures were resized, or became grey."""
    keys: Sequence[str] | None = None
    """Each picture's name, wherever the data is stored: its path below the source's folder or list, with `/`."""

    def __len__(self) -> int:
        return len(self.pictures)

    def take(self, indices: np.ndarray) -> Dataset:
        """The pictures at `indices`, in that order, with the same notes."""
        return Dataset(
            self.pictures[indices],
            None if self.targets is None else self.targets[indices],
            None if self.names is None else [self.names[i] for i in indices],
            self.notes,
            None if self.keys is None else [self.keys[i] for i in indices],
        )


@dataclass(frozen=True)
class Wanted:
    """What a source is asked for: the network's input and classes, and where paths of the file begin."""

    shape: Shape
    classes: tuple[str, ...]
    """Empty for regression."""
    root: Path
    role: str = ""
    """The set of the file that it is for: train, validation, test or pictures; empty where nobody said."""
    stream: int = 0
    """Which stream of random numbers a source takes that draws its pictures: 0, but for sets of the same seed."""
    labels: tuple[str, ...] = ()
    """Of which several may hold."""
    values: tuple[str, ...] | int = ()
    """Their names, or how many there are."""
    is_own_target: bool = False
    """Whether a picture is what the network is to give for it, so that nothing else need be known."""

    def place(self, label: str) -> int | None:
        """The index of the class of that name, whatever Unicode form either is in; None where there is none."""
        return {same_name(name): index for index, name in reversed([*enumerate(self.classes)])}.get(same_name(label))

    def asks_for_labels(self) -> bool:
        """Whether pictures without labels are of no use: only a forward run can do without."""
        return self.role not in ("", "pictures") and not self.is_own_target
