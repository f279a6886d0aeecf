"""The source `idx`: the format of MNIST and its relatives."""

from __future__ import annotations

from pathlib import Path

from xonet.data import Dataset, DataSource, Wanted, needs_picture
from xonet.language.fields import Text, field

GZIP = b"\x1f\x8b"
"""How every gzipped file begins."""
MAGIC = b"\0\0\x08\x03"
"""How an unzipped file of pictures begins: bytes, in three dimensions."""


class Idx(DataSource):
    """Files in MNIST's format, plain or gzipped (told apart by their content, not by their name).

    The label n is the class at place n of output.classes, counted from 0. Files are read whole into
    memory: what happens to them later does not matter.

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

    def paths(self) -> list[tuple[str, str]]:
        """The pictures' file, and that of the labels."""
        return [("images", self.images), *([] if self.labels is None else [("labels", self.labels)])]

    def size(self, root: Path) -> int | None:
        """As the header of the pictures' file says."""
        import gzip

        try:
            with (root / self.images).open("rb") as file:
                header = file.read(8)
                if header[:2] == GZIP:
                    file.seek(0)
                    with gzip.GzipFile(fileobj=file) as unzipped:
                        header = unzipped.read(8)
        except (OSError, EOFError, ValueError):
            return None
        return int.from_bytes(header[4:], "big") if header[:4] == MAGIC and len(header) == 8 else None

    def read_data(self, wanted: Wanted) -> Dataset:
        """Header, length, and labels are checked."""
        from xonet.data.idx.read import read

        labels = None if self.labels is None else wanted.root / self.labels
        return read(wanted.root / self.images, labels, wanted)
