"""What every source is."""

from __future__ import annotations

from collections.abc import Sequence

from xonet.data._dataset import DataError, Dataset, Look, Wanted
from xonet.language.families import Family
from xonet.language.fields import Record
from xonet.language.shapes import Shape, ShapeError
from xonet.language.words import counted


class DataSource(Record):
    """Base of every source; a source overrides `check`, `look` and `read_data`."""

    def load(self, wanted: Wanted) -> Dataset:
        """The data.

        Raises:
            DataError: if a file is missing, broken, or not what was expected.
        """
        try:
            self.check(wanted)
        except ShapeError as error:
            raise DataError(f"{SOURCES.word(self)}: {error.message}", code=error.code, help=error.help) from None
        return self.read_data(wanted)

    def check(self, wanted: Wanted) -> None:
        """Refuse what must be wrong whatever the files contain; `validate` calls this, so it reads no files.

        Raises:
            ShapeError: where this source cannot give such pictures or classes.
        """

    def paths(self) -> list[tuple[str, str]]:
        """The files and folders it reads, each with the knob that names it; none if it draws its pictures."""
        return []

    def look(self, wanted: Wanted) -> Look:
        """What is there, as far as names, headers and first bytes tell; `validate` and `run` both look first.

        The source has passed `check`. Neither NumPy nor Pillow is needed, and time and memory are bounded: of very many
        pictures the first ones are looked at.

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
            DataError: if a file is missing, broken, or not what was expected.
        """
        raise NotImplementedError


_FOLDERS = "put the pictures into folders, one per class, and write images: {folder: my_pictures}"

SOURCES: Family[DataSource] = Family(
    "source",
    "xonet.data",
    DataSource,
    {
        **dict.fromkeys(
            ("MNIST", "FashionMNIST", "EMNIST", "KMNIST"),
            "xonet downloads nothing: write idx: {images: train-images-idx3-ubyte, labels: train-labels-idx1-ubyte}",
        ),
        **dict.fromkeys(("CIFAR10", "CIFAR100", "SVHN", "ImageNet", "STL10"), f"xonet downloads nothing: {_FOLDERS}"),
        **dict.fromkeys(
            ("csv", "numpy", "npy", "npz", "tfrecord", "hdf5", "h5", "parquet", "mat", "lmdb", "webdataset"),
            f"this format is not supported: {_FOLDERS}; or give arrays to model.fit in Python",
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
        ShapeError: `source-mismatch`, pointing at the source's word.
    """
    if not shape.is_picture:
        raise ShapeError(
            "source-mismatch",
            f"{word} provides pictures, but the input is a row of {shape} numbers",
            help="write input: {height: 28, width: 28}, with the size of the pictures",
        )
    if shape.channels not in channels:
        known = " or ".join([*map(str, channels[:-1]), counted(channels[-1], "channel")])
        raise ShapeError(
            "source-mismatch",
            f"{word} provides pictures with {known}, but the input has {shape.channels}",
            help=f"set the input's channels: {channels[0]}",
        )


def needs_classes(word: str, wanted: Wanted) -> None:
    """Refuse an output of values or labels, of which the source `word` says nothing: a picture has one class there.

    Raises:
        ShapeError: `source-mismatch`, pointing at the source's word.
    """
    if wanted.asks_for_labels() and not wanted.classes:
        raise ShapeError(
            "source-mismatch",
            f"{word} provides class labels, but data.{wanted.role} needs {'labels' if wanted.labels else 'values'}",
            help="name classes: output: {classes: [X, O]}; or list the pictures with their "
            f"{'labels' if wanted.labels else 'values'}: images: {{list: pictures.csv}}; or give arrays in Python: "
            "model.fit(x, y)",
        )
