"""What files in MNIST's format say of themselves, as far as it can be seen in little time."""

from __future__ import annotations

import gzip
import os
import zlib
from math import prod
from pathlib import Path
from typing import IO, cast

from xonet.data import DataError, Look, Wanted
from xonet.data._paths import INFLATES, expect_file, resolved
from xonet.data.idx import Idx
from xonet.language.words import counted

BYTES = 8
"""The kind of values that pictures and labels are: unsigned bytes."""
PIECE = 1 << 20
"""How many bytes are looked at at once."""
UNZIPPED = 1 << 22
"""The longest gzipped file that is unzipped to see whether it holds what its header says."""
MOST_LABELS = 1 << 26
"""How many labels are looked at."""
GZIP = b"\x1f\x8b"
"""How every gzipped file begins."""
STARTS = {b"PK\x03\x04": "a ZIP archive or .npz", b"\x93NUM": "an .npy array", b"\x89PNG": "a PNG picture"}
"""What else is given by mistake, by its first bytes."""


def look(source: Idx, wanted: Wanted) -> Look:
    """How many pictures there are; the labels are looked through.

    Raises:
        DataError: for a file that is missing, cut short, too long or no IDX file, where there is not one label a
            picture, and where a label is no class.
    """
    images = resolved(wanted.root, source.images)
    found = lengths(images, 3, "pictures", "images")
    check_zipped(images, found, "pictures", "images")
    if source.labels is not None and not wanted.is_own_target:
        labels = resolved(wanted.root, source.labels)
        check_labels(labels, images, found[0], wanted)
        check_zipped(labels, found[:1], "labels", "labels")
    size = images.stat().st_size
    # Of a zipped file what it becomes counts, which only unzipping tells for sure.
    return Look(found[0], bytes=size * 8 if is_zipped(images) else size)


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
            found = read_header(file, path, dimensions, what, knob)
        check_claim(path, size, is_zipped(path), found, knob)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, what, knob, error) from None
    return found


def read_header(file: IO[bytes], path: Path, dimensions: int, what: str, knob: str) -> tuple[int, ...]:
    """The lengths that a header says.

    Raises:
        DataError: where it is no header of bytes in that many dimensions, or says that there is nothing.
    """
    header = file.read(4 + 4 * dimensions)
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
    if not prod(found):
        raise DataError(
            f"{path}: expected {what}, found none: its header says {' × '.join(map(str, found))}",
            code="no-pictures",
            knob=knob,
            help=AGAIN,
        )
    return found


def check_claim(path: Path, size: int, zipped: bool, said: tuple[int, ...], knob: str) -> None:
    """Refuse a header that says what a file of that size cannot hold: no memory is taken for it.

    Raises:
        DataError: where that is so.
    """
    if not zipped:
        check_size(path, size - 4 - 4 * len(said), said, knob)
    elif prod(said) > INFLATES * size:
        raise DataError(
            f"{path}: expected {said_size(said)}, found a file cut short: it cannot hold that much",
            knob=knob,
            help=AGAIN,
        )


def check_zipped(path: Path, said: tuple[int, ...], what: str, knob: str) -> None:
    """Nothing, where a file is not gzipped, or holds as many values as its header says.

    What is small is unzipped. Of what is large, the last four bytes tell as much (RFC 1952, section 2.3.1), unless it
    is cut short or made of several parts: then it is unzipped, too.

    Raises:
        DataError: where that is not so, or it cannot be unzipped.
    """
    if not is_zipped(path):
        return
    whole = 4 + 4 * len(said) + prod(said)
    try:
        with path.open("rb") as file:
            end = file.seek(-4, os.SEEK_END) + 4
            if end > UNZIPPED and int.from_bytes(file.read(4), "little") == whole % 2**32:
                return
        there = 0
        with _opened(path) as file:
            while there <= whole and (piece := file.read(PIECE)):
                there += len(piece)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, what, knob, error) from None
    check_size(path, there - whole + prod(said), said, knob)


def check_size(path: Path, found: int, said: tuple[int, ...], knob: str) -> None:
    """Compare how many values a file holds with what its header says.

    Raises:
        DataError: where they differ.
    """
    if found != prod(said):
        many = "more" if found > prod(said) else f"{found}: the file is cut short"
        raise DataError(f"{path}: expected {said_size(said)}, found {many}", knob=knob, help=AGAIN)


def said_size(said: tuple[int, ...]) -> str:
    """What a header claims, for a message."""
    return f"{' × '.join(map(str, said))} = {prod(said)} bytes, as its header says"


def check_labels(path: Path, images: Path, count: int, wanted: Wanted) -> None:
    """Nothing, where there are `count` labels and each is the number of a class.

    Raises:
        DataError: where that is not so.
    """
    (said,) = lengths(path, 1, "labels", "labels")
    check_count(path, images, count, said)
    try:
        with _opened(path) as file:
            file.read(8)
            for first in range(0, min(count, MOST_LABELS), PIECE):
                check_classes(path, file.read(min(PIECE, count - first)), first, wanted)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, "labels", "labels", error) from None


def check_count(path: Path, images: Path, count: int, found: int) -> None:
    """Nothing, where there are as many labels as pictures.

    Raises:
        DataError: where that is not so.
    """
    if found != count:
        raise DataError(
            f"{path}: expected {counted(count, 'label')}, one for each picture of {images}, found {found}",
            knob="labels",
            help=f"name the labels that belong to {images.name}",
        )


def check_classes(path: Path, labels: bytes, first: int, wanted: Wanted) -> None:
    """Nothing, where each of some labels, from number `first` on, is the number of a class.

    Raises:
        DataError: where that is not so.
    """
    if labels and max(labels) >= len(wanted.classes):
        at = next(at for at, label in enumerate(labels) if label >= len(wanted.classes))
        raise DataError(
            f"{path}: expected labels from 0 to {len(wanted.classes) - 1} for {len(wanted.classes)} classes, "
            f"found {labels[at]} at position {first + at}",
            code="unknown-label",
            knob="labels",
            help=f"name {labels[at] + 1} classes or more in output.classes, or fix the labels",
        )


AGAIN = "copy or download the file again"


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if is_zipped(path) else path.open("rb")


def unreadable(path: Path, what: str, knob: str, error: Exception) -> DataError:
    """The refusal of a file that cannot be read or unzipped."""
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return DataError(f"{path}: expected a file of {what}, but it cannot be read: {error.strerror}", knob=knob)
    return DataError(
        f"{path}: expected a complete gzipped file of {what}, but it cannot be unzipped: {error}", knob=knob, help=AGAIN
    )


def _said(magic: bytes) -> str:
    """The first bytes of a file, for a message."""
    name = STARTS.get(magic)
    return (f"{name} ({magic.hex()})" if name else magic.hex()) if magic else "an empty file"
