"""What a folder of pictures holds, as far as it can be seen without opening one."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from xonet.data import DataError, Wanted
from xonet.data._paths import expect_folder, is_litter
from xonet.data.images.listing import Listing, Row, check_size, near
from xonet.language.words import counted, same_name

COUNTED = 100_000
"""How many files in deeper folders are counted."""


def from_folder(folder: Path, wanted: Wanted, most: int | None = None) -> Listing:
    """The pictures of a folder with one subfolder a class, or with pictures where the network has no classes.

    Raises:
        DataError: for a missing folder, a subfolder that is no class, a class without pictures, an empty picture.
    """
    expect_folder(folder, "a folder of pictures", "folder")
    listing = Listing(most=most and max(1, most // max(1, len(wanted.classes))))
    if not wanted.classes:
        _take(listing, folder, folder, None, wanted)
        return listing
    found: dict[int, list[Path]] = {}
    for entry in _visible(listing, folder, folder):
        if not entry.is_dir():
            listing.leave_out("file", " outside the class folders", "move them into one", [entry.name])
            continue
        label = wanted.place(entry.name)
        if label is None:
            raise DataError(
                f"{entry.path}: expected folders named after the classes ({', '.join(wanted.classes)}), "
                f"found {entry.name}",
                code="unknown-label",
                knob="folder",
                help=f"{near(entry.name, wanted)}rename the folder, move it elsewhere, or add it to output.classes",
            )
        found.setdefault(label, []).append(Path(entry.path))
    for label, name in enumerate(wanted.classes):
        if label not in found:
            raise DataError(
                f"{folder / name}: expected a folder with the pictures of class {name}, found none",
                code="no-pictures",
                knob="folder",
                help=f"make {folder / name} and put pictures into it, or remove {name} from output.classes",
            )
        before = len(listing.rows)
        for inner in found[label]:
            _take(listing, inner, folder, label, wanted)
        if len(listing.rows) == before and not listing.is_partial:
            raise _empty(found[label][0], listing, folder, f"the class {name}")
    return listing


def _take(listing: Listing, folder: Path, root: Path, label: int | None, wanted: Wanted) -> None:
    """All pictures that lie in a folder itself."""
    before = len(listing.rows)
    for entry in _visible(listing, folder, root, listing.most):
        if entry.is_dir():
            deeper = [*_deeper(entry.path, root)]
            listing.leave_out("file", " in subfolders of the picture folders", "move them up, or elsewhere", deeper)
            continue
        listing.bytes += check_size(entry.path, entry.stat().st_size, "folder")
        path = Path(entry.path)
        listing.rows.append(Row(path, label, path.relative_to(root).as_posix()))
    if len(listing.rows) == before and not wanted.classes and not listing.is_partial:
        raise _empty(folder, listing, root, "the network")


def _empty(folder: Path, listing: Listing, root: Path, whose: str) -> DataError:
    """The refusal of a folder without pictures of its own, with what was seen there instead."""
    inside = folder.relative_to(root).as_posix()
    for (noun, where, help), names in listing.left_out.items():
        mine = [name for name in names if inside == "." or name.startswith(f"{inside}/")]
        if mine:
            return DataError(
                f"{folder}: expected pictures of {whose}, found only {counted(len(mine), noun)}{where}: {mine[0]}",
                code="no-pictures",
                knob="folder",
                help=help,
            )
    return DataError(
        f"{folder}: expected pictures of {whose}, found an empty folder",
        code="no-pictures",
        knob="folder",
        help=f"put pictures into {folder}",
    )


def _visible(listing: Listing, folder: Path | str, root: Path, most: int | None = None) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder, by name: folders and plain files that can be read; what else there is, is left out."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(islice(entries, most), key=lambda entry: same_name(entry.name))
            listing.is_partial |= next(entries, None) is not None
    except OSError as error:
        raise DataError(f"{folder}: expected a folder of pictures, but it cannot be read: {error.strerror}") from None
    for entry in inside:
        name = os.path.relpath(entry.path, root).replace(os.sep, "/")
        if is_litter(entry.name):
            continue
        if entry.name.startswith("."):
            listing.leave_out("hidden file", "", "rename those that are pictures", [name])
            continue
        try:
            mode = entry.stat().st_mode
        except OSError:
            listing.leave_out("broken link", "", "restore what they point to, or delete them", [name])
            continue
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            listing.leave_out("special file", "", "move pipes, sockets and devices elsewhere", [name])
        elif not os.access(entry.path, os.R_OK):
            listing.leave_out("file", " that cannot be read", "change their permissions", [name])
        else:
            yield entry


def _deeper(folder: str, root: Path) -> Iterator[str]:
    """The files in a folder and those below it, as far as they are counted."""
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not is_litter(name))
        for name in sorted(names):
            if not name.startswith(".") and not is_litter(name):
                count += 1
                yield os.path.relpath(os.path.join(place, name), root).replace(os.sep, "/")
        if count > COUNTED:
            return
