"""Where pictures come from: sources, one room each.

A room's `__init__` declares (fields, and what can be checked without reading a file). What reads or draws lies beside
it and is imported only when data is wanted: `validate` reads every declaration and needs neither NumPy nor Pillow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xonet.language.families import Family
from xonet.language.fields import Record
from xonet.language.shapes import Misfit, Shape
from xonet.language.words import counted, same_name

if TYPE_CHECKING:
    import numpy as np

    from xonet.diagnostics import Diagnostic


class DataError(Exception):
    """Data that cannot be read: one line that names the file and says what was expected and what was found.

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
    """What a user is told once about data that can be used all the same."""

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
    """What each picture is called wherever the data lies; without them a picture is known by its place in the order."""
    remarks: list[Remark] = field(default_factory=list)
    """What is told about it."""
    bytes: int = 0
    """How many bytes its files have."""
    beside: int = 0
    """How many bytes of memory it takes beside those of the pictures themselves."""


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
    keys: Sequence[str] | None = None
    """What each picture is called wherever the data lies: its path below the source's folder or list, with `/`."""

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

    def place(self, label: str) -> int | None:
        """The index of the class of that name, whatever Unicode form either is in; None where there is none."""
        return {same_name(name): index for index, name in reversed([*enumerate(self.classes)])}.get(same_name(label))

    def asks_for_labels(self) -> bool:
        """Whether pictures without labels are of no use: only a forward run can do without."""
        return self.role not in ("", "pictures")


class DataSource(Record):
    """Base of every source; a room overrides `check`, `look` and `read_data`."""

    def load(self, wanted: Wanted) -> Dataset:
        """The data.

        Raises:
            DataError: where a file is missing, broken, or not what was expected.
        """
        try:
            self.check(wanted)
        except Misfit as misfit:
            raise DataError(f"{SOURCES.word(self)}: {misfit.message}", code=misfit.code, help=misfit.help) from None
        return self.read_data(wanted)

    def check(self, wanted: Wanted) -> None:
        """Refuse what cannot be right whatever the files hold; `validate` asks this, so it reads none.

        Raises:
            Misfit: where this source cannot give such pictures or classes.
        """

    def paths(self) -> list[tuple[str, str]]:
        """The files and folders it reads, each with the knob that names it; none for a source that draws."""
        return []

    def look(self, wanted: Wanted) -> Look:
        """What is there, as far as names, headers and first bytes tell; `validate` and `run` both look first.

        The source has passed `check`. Neither NumPy nor Pillow is needed, and time and memory are bounded by names.

        Raises:
            DataError: for whatever reading would refuse that can be seen so far.
        """
        raise NotImplementedError

    def repeats(self) -> bool:
        """Whether it may well give the same picture again: `validate` compares the sets then, where they are small."""
        return True

    def drawing_seed(self) -> int | None:
        """The seed of a source that draws its pictures: two sets of one seed must not draw from one stream."""
        return None

    def read_data(self, wanted: Wanted) -> Dataset:
        """The data, of a source that passed `check`.

        Raises:
            DataError: where a file is missing, broken, or not what was expected.
        """
        raise NotImplementedError


_FOLDERS = "put its pictures into folders, one a class, and write images: {folder: my_pictures}"

SOURCES: Family[DataSource] = Family(
    "source",
    "xonet.data",
    DataSource,
    {
        **dict.fromkeys(
            ("MNIST", "FashionMNIST", "EMNIST", "KMNIST"),
            "nothing is downloaded: write idx: {images: train-images-idx3-ubyte, labels: train-labels-idx1-ubyte}",
        ),
        **dict.fromkeys(("CIFAR10", "CIFAR100", "SVHN", "ImageNet", "STL10"), f"nothing is downloaded: {_FOLDERS}"),
        **dict.fromkeys(
            ("csv", "numpy", "npy", "npz", "tfrecord", "hdf5", "h5", "parquet", "mat", "lmdb", "webdataset"),
            f"it is not read: {_FOLDERS}; or give arrays to model.fit in Python",
        ),
        **dict.fromkeys(
            ("ImageFolder", "DatasetFolder", "image_dataset_from_directory", "flow_from_directory", "directory"),
            "write images: {folder: my_pictures}",
        ),
    },
)
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
        known = " or ".join([*map(str, channels[:-1]), counted(channels[-1], "channel")])
        raise Misfit(
            "source-mismatch",
            f"{word} gives pictures of {known}, and the input has {shape.channels}",
            help=f"let the input have channels: {channels[0]}",
        )


def needs_classes(word: str, wanted: Wanted) -> None:
    """Refuse an output of values, for which the labels of the source `word` say nothing.

    Raises:
        Misfit: `source-mismatch`, pointing at the source's word.
    """
    if wanted.asks_for_labels() and not wanted.classes:
        raise Misfit(
            "source-mismatch",
            f"{word} gives labels of classes, and data.{wanted.role} needs values",
            help="name classes: output: {classes: [X, O]}; pictures with values come from Python: model.fit(x, y)",
        )
