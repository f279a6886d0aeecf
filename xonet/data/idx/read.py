"""How files in MNIST's format are read.

Such a file is two zero bytes, the kind of its values, its number of dimensions, each one's length, and the values.
"""

from __future__ import annotations

import gzip
import os
import zlib
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from xonet.data import DataError, Dataset, Wanted
from xonet.data._paths import expect_file, resolved
from xonet.data._prepare import Changes, picture
from xonet.data.idx import Idx
from xonet.data.idx.look import (
    GZIP,
    check_claim,
    check_classes,
    check_count,
    check_size,
    read_header,
    said_size,
    unreadable,
)
from xonet.machine import must_fit

PIECE = 1 << 20
"""How many bytes are read at a time."""


def read(source: Idx, wanted: Wanted) -> Dataset:
    """The pictures and their labels; pictures of another size or number of channels are made to fit.

    Raises:
        DataError: where a file is missing, cut short, too long or no IDX file, where there is not one label a picture,
            and where a label is no class.
    """
    images = resolved(wanted.root, source.images)
    pictures = array(images, 3, "pictures", "images")[..., None]
    targets = None
    if source.labels is not None and not wanted.is_own_target:
        targets = read_labels(resolved(wanted.root, source.labels), images, len(pictures), wanted)
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
    raw = array(labels, 1, "labels", "labels")
    check_count(labels, images, count, len(raw))
    check_classes(labels, raw.tobytes(), 0, wanted)
    return raw.astype(np.int64)


def array(path: Path, dimensions: int, what: str, knob: str = "") -> np.ndarray:
    """The bytes of an IDX file of that many dimensions.

    They are read, not mapped: what happens to the file later does not matter. A header is a claim: there is no memory
    for more than a file of its length can hold.

    Raises:
        DataError: where the file is missing, cut short, too long, something else, or does not fit into memory.
    """
    said: tuple[int, ...] = ()
    expect_file(path, f"a file of {what}", knob)
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == GZIP
            file.seek(0)
            length = os.fstat(file.fileno()).st_size
            opened: IO[bytes] = gzip.GzipFile(fileobj=file) if zipped else file  # type: ignore[assignment]
            said = read_header(opened, path, dimensions, what, knob)
            check_claim(path, length, zipped, said, knob)
            must_fit(prod(said), str(path))
            content = np.empty(prod(said), np.uint8)
            found = fill(content, opened)
            check_size(path, found + len(opened.read(1)), said, knob)
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(path, what, knob, error) from None
    except MemoryError:
        raise DataError(f"{path}: its {what}, {said_size(said)}, do not fit into memory", knob=knob) from None
    content.flags.writeable = False
    return content.reshape(said)


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
