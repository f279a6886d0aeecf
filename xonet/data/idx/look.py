"""What files in MNIST's format say of themselves, as far as it can be seen without unzipping the pictures."""

from __future__ import annotations

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import IO, cast

from xonet.data import DataError, Look, Wanted
from xonet.data._paths import expect_file, resolved
from xonet.data.idx import GZIP, Idx

BYTES = 8
"""The kind of values that pictures and labels are: unsigned bytes."""
INFLATES = 1032
"""How many times as long as a gzipped file its content may be, at most (zlib's technical notes)."""
PIECE = 1 << 20
"""How many bytes of labels are looked at at once."""
MOST_LABELS = 1 << 26
"""How many labels are looked at."""
STARTS = {b"PK\x03\x04": "a ZIP archive or .npz", b"\x93NUM": "an .npy array", b"\x89PNG": "a PNG picture"}
"""What else is given by mistake, by its first bytes."""


def look(source: Idx, wanted: Wanted) -> Look:
    """How many pictures there are; the labels are looked through.

    Raises:
        DataError: for a file that is missing, cut short, too long or no IDX file, where there is not one label a
            picture, and where a label is no class.
    """
    images = resolved(wanted.root, source.images)
    count, _, _ = lengths(images, 3, "pictures", "images")
    if source.labels is not None:
        check_labels(resolved(wanted.root, source.labels), images, count, wanted)
    size = images.stat().st_size
    # Of a zipped file what it becomes counts, which only unzipping tells for sure.
    return Look(count, bytes=size * 8 if is_zipped(images) else size)


def is_zipped(path: Path) -> bool:
    """Whether a file begins as gzipped ones do."""
    with path.open("rb") as file:
        return file.read(2) == GZIP


def lengths(path: Path, dimensions: int, what: str, knob: str) -> tuple[int, ...]:
    """The lengths that a header says, of a file as long as that, where it is not zipped.

    Raises:
        DataError: where it is missing, no header of bytes in that many dimensions, or says that there is nothing.
    """
    size = expect_file(path, f"a file of {what}", knob)
    try:
        with _opened(path) as file:
            header = file.read(4 + 4 * dimensions)
        zipped = is_zipped(path)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, what, knob, error) from None
    magic = bytes((0, 0, BYTES, dimensions))
    if header[:4] != magic:
        raise DataError(
            f"{path}: expected {what} in IDX format (beginning with {magic.hex()}), found {_said(header[:4])}",
            knob=knob,
            help=f"name a file of {what} in MNIST's format, plain or gzipped",
        )
    if len(header) < 4 + 4 * dimensions:
        raise DataError(
            f"{path}: expected a header of {4 + 4 * dimensions} bytes, found {len(header)}: the file is cut short",
            knob=knob,
            help=AGAIN,
        )
    found = tuple(int.from_bytes(header[at : at + 4], "big") for at in range(4, len(header), 4))
    declared = " × ".join(map(str, found))
    if not prod(found):
        raise DataError(
            f"{path}: expected {what}, found none: its header says {declared}",
            code="no-pictures",
            knob=knob,
            help=AGAIN,
        )
    if zipped and prod(found) > INFLATES * size:
        raise DataError(
            f"{path}: expected {declared} = {prod(found)} bytes, as its header says, found a file cut short: it cannot "
            "hold as much",
            knob=knob,
            help=AGAIN,
        )
    if not zipped and size - len(header) != prod(found):
        more = "more" if size - len(header) > prod(found) else f"{size - len(header)}: the file is cut short"
        raise DataError(
            f"{path}: expected {declared} = {prod(found)} bytes, as its header says, found {more}",
            knob=knob,
            help=AGAIN,
        )
    return found


def check_labels(path: Path, images: Path, count: int, wanted: Wanted) -> None:
    """Nothing, where there are `count` labels and each is the number of a class.

    Raises:
        DataError: where that is not so.
    """
    (said,) = lengths(path, 1, "labels", "labels")
    if said != count:
        raise DataError(
            f"{path}: expected {count} labels, one for each picture of {images}, found {said}",
            knob="labels",
            help=f"name the labels that belong to {images.name}",
        )
    try:
        with _opened(path) as file:
            file.read(8)
            for first in range(0, min(count, MOST_LABELS), PIECE):
                piece = file.read(min(PIECE, count - first))
                if piece and max(piece) >= len(wanted.classes):
                    at = next(at for at, label in enumerate(piece) if label >= len(wanted.classes))
                    raise DataError(
                        f"{path}: expected labels from 0 to {len(wanted.classes) - 1}, as there are "
                        f"{len(wanted.classes)} classes, found {piece[at]} at {first + at}",
                        code="unknown-label",
                        knob="labels",
                        help=f"name {piece[at] + 1} classes or more in output.classes, or mend the labels",
                    )
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, "labels", "labels", error) from None


AGAIN = "copy or download the file again"


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if is_zipped(path) else path.open("rb")


def unreadable(path: Path, what: str, knob: str, error: Exception) -> DataError:
    """The refusal of a file that cannot be read or unzipped."""
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return DataError(f"{path}: expected a file of {what}, but it cannot be read: {error.strerror}", knob=knob)
    return DataError(
        f"{path}: expected a whole gzipped file of {what}, but it cannot be unzipped: {error}", knob=knob, help=AGAIN
    )


def _said(magic: bytes) -> str:
    """The first bytes of a file, for a message."""
    name = STARTS.get(magic)
    return (f"{name} ({magic.hex()})" if name else magic.hex()) if magic else "an empty file"
