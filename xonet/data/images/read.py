"""How `images` finds picture files and their labels."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from xonet.data import DataError, Dataset, Wanted
from xonet.data._reading import read_pictures, whole
from xonet.data.images.look import HEADERS, visible


def from_folder(folder: Path, wanted: Wanted) -> Dataset:
    """The pictures of a folder with one subfolder a class, or with pictures where the network has no classes.

    Raises:
        DataError: for a missing or empty folder, a subfolder that is no class, and a broken picture.
    """
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing"
        raise DataError(f"{folder}: expected a folder of pictures, found {found}")
    if not wanted.classes:
        return opened([(path, None) for path in inside(folder)], folder, wanted)
    known = ", ".join(wanted.classes)
    strange = [entry.name for entry in visible(folder) if entry.is_dir() and entry.name not in wanted.classes]
    if strange:
        raise DataError(f"{folder / strange[0]}: expected folders named like the classes ({known}), found {strange[0]}")
    rows: list[tuple[Path, str | None]] = []
    for label in wanted.classes:
        if not (folder / label).is_dir():
            raise DataError(f"{folder / label}: expected a folder with the pictures of class {label}, found none")
        rows += [(path, label) for path in inside(folder / label)]
    return opened(rows, folder, wanted)


def from_list(list_file: Path, wanted: Wanted) -> Dataset:
    """The pictures of a CSV file of path,label (of paths alone where the network has no classes).

    Raises:
        DataError: for a missing or empty list, a row of another length, a label that is no class, and a broken picture.
    """
    columns = HEADERS[0] if wanted.classes else HEADERS[1]
    rows: list[tuple[Path, str | None]] = []
    try:
        with list_file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            for cells in reader:
                row = [cell.strip() for cell in cells]
                if not any(row) or (not rows and row in HEADERS):
                    continue
                place = f"{list_file}:{reader.line_num}"
                if len(row) != len(columns):
                    raise DataError(f"{place}: expected {','.join(columns)}, found {len(row)} column(s)")
                label = row[1] if wanted.classes else None
                if label is not None and label not in wanted.classes:
                    raise DataError(
                        f"{place}: expected one of the classes {', '.join(wanted.classes)}, found {label!r}"
                    )
                rows.append((list_file.parent / row[0], label))
    except OSError as error:
        raise DataError(
            f"{list_file}: expected a list of pictures, but it cannot be opened: {error.strerror}"
        ) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(f"{list_file}: expected a CSV file in UTF-8: {error}") from None
    return opened(rows, list_file, wanted)


def inside(folder: Path) -> list[Path]:
    """The files of a folder.

    Raises:
        DataError: where there are none.
    """
    files = [entry for entry in visible(folder) if entry.is_file()]
    if not files:
        raise DataError(f"{folder}: expected pictures, found an empty folder")
    return files


def opened(rows: Sequence[tuple[Path, str | None]], origin: Path, wanted: Wanted) -> Dataset:
    """Every picture read, with its label's index and its path as its name.

    Raises:
        DataError: for no pictures at all, and for broken ones: all of them in one line.
    """
    if not rows:
        raise DataError(f"{origin}: expected pictures, found none")
    pictures, failures, changes = read_pictures([path for path, _ in rows], wanted)
    whole(failures, len(rows))
    labels = [wanted.classes.index(label) for _, label in rows if label is not None]
    targets = np.array(labels) if labels else None
    return Dataset(pictures, targets, [str(path) for path, _ in rows], changes.notes(len(rows)))
