"""How files in MNIST's format are read.

Such a file is two zero bytes, the kind of its values, its number of dimensions, each one's length, and the values.
"""

from __future__ import annotations

import gzip
import os
import struct
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from xonet.data import DataError, Dataset, Wanted
from xonet.data._prepare import Changes, picture
from xonet.data.idx import GZIP
from xonet.data.idx.look import INFLATES, check_labels
from xonet.data.idx.look import lengths as said_lengths
from xonet.machine import must_fit

BYTES = 8
"""The kind of values that pictures and labels are: unsigned bytes."""
PIECE = 1 << 20
"""How many bytes are read at a time."""


def read(images: Path, labels: Path | None, wanted: Wanted) -> Dataset:
    """The pictures and their labels; pictures of another size or number of channels are made to fit.

    Raises:
        DataError: where a file is missing, cut short, too long or no IDX file, where there is not one label a picture,
            and where a label is no class.
    """
    said_lengths(images, 3, "pictures", "images")
    pictures = array(images, 3, "pictures")[..., None]
    targets = None if labels is None else read_labels(labels, images, len(pictures), wanted)
    if pictures.shape[1:] == wanted.shape:
        return Dataset(pictures, targets)
    changes = Changes()
    fitting = np.empty((len(pictures), *wanted.shape), np.uint8)
    for index, raw in enumerate(pictures):
        fitting[index] = picture(Image.fromarray(raw[..., 0]), wanted, changes)
    return Dataset(fitting, targets, notes=changes.notes(len(pictures)))


def read_labels(labels: Path, images: Path, count: int, wanted: Wanted) -> np.ndarray:
    """The class index of each of `count` pictures.

    Raises:
        DataError: as `read` says.
    """
    check_labels(labels, images, count, wanted)
    raw = array(labels, 1, "labels")
    if len(raw) != count:
        raise DataError(f"{labels}: expected {count} labels, one for each picture of {images}, found {len(raw)}")
    strange = np.flatnonzero(raw >= len(wanted.classes))
    if len(strange):
        known = f"labels from 0 to {len(wanted.classes) - 1}, as there are {len(wanted.classes)} classes"
        first = strange[0]
        raise DataError(f"{labels}: expected {known if wanted.classes else 'no labels'}, found {raw[first]} at {first}")
    return raw.astype(np.int64)


def array(path: Path, dimensions: int, what: str) -> np.ndarray:
    """The bytes of an IDX file of that many dimensions.

    They are read, not mapped: what happens to the file later does not matter. A header is a claim: there is no memory
    for more than a file of its length can hold.

    Raises:
        DataError: where the file is missing, cut short, too long, something else, or does not fit into memory.
    """
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == GZIP
            file.seek(0)
            length = os.fstat(file.fileno()).st_size
            opened: IO[bytes] = gzip.GzipFile(fileobj=file) if zipped else file  # type: ignore[assignment]
            lengths = read_header(opened, path, dimensions, what)
            size = prod(lengths)
            if zipped and size > INFLATES * length:
                declared = said_size(lengths)
                raise DataError(
                    f"{path}: expected {declared}, found a file that is too short for them: it is cut short"
                )
            if not zipped:
                check_size(path, length - 4 - 4 * dimensions, lengths)
            must_fit(size, str(path))
            content = np.empty(size, np.uint8)
            check_size(path, fill(content, opened), lengths)
            if opened.read(1):
                check_size(path, size + 1, lengths)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise DataError(
            f"{path}: expected a whole gzipped file of {what}, but it cannot be unzipped: {error}"
        ) from None
    except OSError as error:
        raise DataError(f"{path}: expected a file of {what}, but it cannot be read: {error.strerror}") from None
    except MemoryError:
        raise DataError(f"{path}: its {what}, {said_size(lengths)}, do not fit into memory") from None
    content.flags.writeable = False
    return content.reshape(lengths)


def fill(content: np.ndarray, file: IO[bytes]) -> int:
    """Read as many bytes as there is room for, a piece at a time; gives how many there are."""
    there = 0
    while there < len(content):
        piece = file.read(min(PIECE, len(content) - there))
        if not piece:
            break
        content[there : there + len(piece)] = np.frombuffer(piece, np.uint8)
        there += len(piece)
    return there


def read_header(file: IO[bytes], path: Path, dimensions: int, what: str) -> tuple[int, ...]:
    """The lengths that the header says.

    Raises:
        DataError: where it is no header of bytes in that many dimensions, or says that there is nothing.
    """
    length = 4 + 4 * dimensions
    header = file.read(length)
    magic = bytes((0, 0, BYTES, dimensions))
    if header[:4] != magic:
        raise DataError(
            f"{path}: expected {what} in IDX format (beginning with {magic.hex()}), found {said(header[:4])}"
        )
    if len(header) < length:
        raise DataError(f"{path}: expected a header of {length} bytes, found {len(header)}: the file is cut short")
    lengths = struct.unpack(f">{dimensions}I", header[4:])
    if not prod(lengths):
        raise DataError(f"{path}: expected {what}, found none: its header says {' × '.join(map(str, lengths))}")
    return lengths


def check_size(path: Path, found: int, lengths: tuple[int, ...]) -> None:
    """Compare how many values a file holds with what its header says.

    Raises:
        DataError: where they differ.
    """
    if found > prod(lengths):
        raise DataError(f"{path}: expected {said_size(lengths)}, found more")
    if found < prod(lengths):
        raise DataError(f"{path}: expected {said_size(lengths)}, found {found}: the file is cut short")


def said_size(lengths: tuple[int, ...]) -> str:
    """What a header claims, for a message."""
    return f"{' × '.join(map(str, lengths))} = {prod(lengths)} bytes, as its header says"


def said(magic: bytes) -> str:
    """The first bytes of a file, for a message."""
    return magic.hex() if magic else "an empty file"
