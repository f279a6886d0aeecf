"""The source `idx`: the file format of MNIST and similar data sets."""

from __future__ import annotations

from xonet.data import SOURCES, Dataset, DataSource, Look, Wanted, needs_classes, needs_picture
from xonet.language.fields import field
from xonet.language.kinds import Text
from xonet.language.shapes import ShapeError


class Idx(DataSource):
    """Files in MNIST's format, plain or gzipped (detected by content, not by name).

    The label n is the class at place n of output.classes, counted from 0. Files are read completely into
    memory: later changes to them do not matter.

    Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, "File formats".
    """

    images: str = field(Text(), "The file with the pictures.", example="mnist/train-images-idx3-ubyte")
    labels: str | None = field(
        Text(),
        "The file with their labels; without it, the pictures have no labels.",
        default=None,
        example="mnist/train-labels-idx1-ubyte",
    )

    def check(self, wanted: Wanted) -> None:
        """A picture has one channel; more are copies of it."""
        needs_picture("idx", wanted.shape)
        needs_classes("idx", wanted)
        if self.labels is None and wanted.asks_for_labels():
            raise ShapeError(
                "missing-labels",
                f"data.{wanted.role} needs labels, but idx names no label file",
                help="add labels: train-labels-idx1-ubyte, with the name of your file",
            )
        if self.labels is not None and not wanted.classes and not wanted.is_own_target:
            raise ShapeError(
                "source-mismatch",
                "idx labels are class numbers, but the network has no classes",
                knob="labels",
                help="write output: {classes: [X, O]}, or remove labels",
            )

    def paths(self) -> list[tuple[str, str]]:
        """The pictures' file, and that of the labels."""
        return [("images", self.images), *([] if self.labels is None else [("labels", self.labels)])]

    def look(self, wanted: Wanted) -> Look:
        """Headers and lengths are what they should be, and every label is a class.

        Raises:
            DataError: where that is not so.
        """
        found: Look = SOURCES.part(self, "look").look(self, wanted)
        return found

    def read_data(self, wanted: Wanted) -> Dataset:
        """Header, length, and labels are checked."""
        loaded: Dataset = SOURCES.part(self, "read").read(self, wanted)
        return loaded
