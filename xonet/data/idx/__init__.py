"""The source `idx`: the format of MNIST and its relatives."""

from __future__ import annotations

from xonet.data import Dataset, DataSource, Wanted, needs_picture
from xonet.language.fields import Text, field


class Idx(DataSource):
    """Files in MNIST's format, plain or gzipped (told apart by their content, not by their name).

    The label n is the class at place n of output.classes, counted from 0. Plain pictures of the input's size are mapped
    into memory, not read.

    Y. LeCun, C. Cortes, C. Burges, The MNIST database of handwritten digits, "File formats".
    """

    images: str = field(Text(), "The file of the pictures.", example="mnist/train-images-idx3-ubyte")
    labels: str | None = field(
        Text(),
        "The file of their labels; without it the pictures have none.",
        default=None,
        example="mnist/train-labels-idx1-ubyte",
    )

    def check(self, wanted: Wanted) -> None:
        """A picture has one channel; more are copies of it."""
        needs_picture("idx", wanted.shape)

    def read_data(self, wanted: Wanted) -> Dataset:
        """Header, length, and labels are checked."""
        from xonet.data.idx.read import read

        labels = None if self.labels is None else wanted.root / self.labels
        return read(wanted.root / self.images, labels, wanted)
