"""What a folder or a list of pictures holds, as far as it can be seen without decoding one."""

from __future__ import annotations

import csv
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xonet.data import DataError, Look, Remark, Wanted
from xonet.data._paths import INFLATES, expect_file, expect_folder, is_inside, is_litter, resolved
from xonet.language.words import closest, counted, same_name

if TYPE_CHECKING:
    from xonet.data.images import Images

HEADERS = (["path", "label"], ["path"])
"""What the first line of a list may be."""
LIST_BYTES = 1 << 28
"""The longest list that is read."""
A_PICTURE = "expected a picture (PNG, JPEG, BMP, GIF, WebP, …)"
STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
"""How the files of the usual formats begin: PNG, JPEG, GIF, BMP, TIFF."""
COUNTED = 100_000
"""How many files in deeper folders are counted."""


class Row(NamedTuple):
    """One picture that is to be read."""

    path: Path
    label: int | None
    """The index of its class."""
    key: str
    """What it is called wherever the data lies: its path below the folder, or as the list names it."""


@dataclass
class Listing:
    """The pictures of a source, in their order, and what was left out."""

    rows: list[Row] = field(default_factory=list)
    left_out: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    """What one of a kind is called, where they are, and what to do about it; with the names of those left out."""
    bytes: int = 0

    def leave_out(self, noun: str, where: str, help: str, names: list[str]) -> None:
        """Names that are no part of the data, to be told: so many times `noun`, and `where` behind it."""
        if names:
            self.left_out.setdefault((noun, where, help), []).extend(names)

    def remarks(self, knob: str) -> list[Remark]:
        """One line for each kind of thing left out."""
        return [
            Remark(
                f"{counted(len(names), noun)}{where}, left out of {counted(len(self.rows), 'picture')}: {names[0]}",
                help,
                "left-out",
                knob,
            )
            for (noun, where, help), names in self.left_out.items()
        ]

    def look(self, knob: str) -> Look:
        """What the source says of itself, after a look at the first bytes of every file.

        Raises:
            DataError: where they are not those of a picture.
        """
        for row in self.rows:
            check_start(row.path, knob)
        return Look(len(self.rows), [row.key for row in self.rows], self.remarks(knob), self.bytes)


def listed(images: Images, wanted: Wanted) -> Listing:
    """The pictures of the folder or the list; each is a plain file that is not empty.

    Raises:
        DataError: as `xonet.data.images.Images.look` says.
    """
    if images.folder is not None:
        return from_folder(resolved(wanted.root, images.folder), wanted)
    return from_list(resolved(wanted.root, str(images.list)), wanted)


def from_folder(folder: Path, wanted: Wanted) -> Listing:
    """The pictures of a folder with one subfolder a class, or with pictures where the network has no classes.

    Raises:
        DataError: for a missing folder, a subfolder that is no class, a class without pictures, an empty picture.
    """
    expect_folder(folder, "a folder of pictures", "folder")
    listing = Listing()
    if not wanted.classes:
        _take(listing, folder, folder, None, wanted)
        return listing
    found: dict[int, list[Path]] = {}
    for entry in _visible(listing, folder, folder):
        if not entry.is_dir():
            listing.leave_out("file", " beside the folders of the classes", "move them into one", [entry.name])
            continue
        label = wanted.place(entry.name)
        if label is None:
            raise DataError(
                f"{entry.path}: expected folders named like the classes ({', '.join(wanted.classes)}), "
                f"found {entry.name}",
                code="unknown-label",
                knob="folder",
                help=f"{_near(entry.name, wanted)}rename the folder, move it away, or add it to output.classes",
            )
        found.setdefault(label, []).append(Path(entry.path))
    for label, name in enumerate(wanted.classes):
        if label not in found:
            raise DataError(
                f"{folder / name}: expected a folder with the pictures of class {name}, found none",
                code="no-pictures",
                knob="folder",
                help=f"make {folder / name} and put pictures into it, or take {name} out of output.classes",
            )
        before = len(listing.rows)
        for inner in found[label]:
            _take(listing, inner, folder, label, wanted)
        if len(listing.rows) == before:
            raise _empty(found[label][0], listing, folder, f"the class {name}")
    return listing


def _take(listing: Listing, folder: Path, root: Path, label: int | None, wanted: Wanted) -> None:
    """All pictures that lie in a folder itself."""
    before = len(listing.rows)
    for entry in _visible(listing, folder, root):
        if entry.is_dir():
            deeper = [*_deeper(entry.path, root)]
            listing.leave_out("file", " in folders within those of the pictures", "move them up, or away", deeper)
            continue
        listing.bytes += _check_size(entry.path, entry.stat().st_size, "folder")
        path = Path(entry.path)
        listing.rows.append(Row(path, label, path.relative_to(root).as_posix()))
    if len(listing.rows) == before and not wanted.classes:
        raise _empty(folder, listing, root, "the network")


def _empty(folder: Path, listing: Listing, root: Path, whose: str) -> DataError:
    """The refusal of a folder without pictures of its own, with what was seen there instead."""
    inside = folder.relative_to(root).as_posix()
    for (noun, where, help), names in listing.left_out.items():
        mine = [name for name in names if inside == "." or name.startswith(f"{inside}/")]
        if mine:
            return DataError(
                f"{folder}: expected pictures of {whose}, found {counted(len(mine), noun)}{where} only: {mine[0]}",
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


def _visible(listing: Listing, folder: Path | str, root: Path) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder, by name: folders and plain files that can be read; what else there is, is left out."""
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: same_name(entry.name))
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
            listing.leave_out("link", " to nothing", "restore what they point to, or delete them", [name])
            continue
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            listing.leave_out("special file", "", "move pipes, sockets and devices away", [name])
        elif not os.access(entry.path, os.R_OK):
            listing.leave_out("file", " that you may not read", "give yourself the right to", [name])
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


def _near(label: str, wanted: Wanted) -> str:
    near = closest(same_name(label), wanted.classes)
    return f"did you mean {near}? " if near else ""


def _check_size(path: str | Path, size: int, knob: str) -> int:
    """The size of a picture's file.

    Raises:
        DataError: where it is empty.
    """
    if not size:
        raise DataError(f"{path}: {A_PICTURE}, found an empty file", knob=knob, help="delete it, or copy it again")
    return size


def check_start(path: Path, knob: str) -> None:
    """Nothing, where the first bytes of a file are those of a picture.

    Raises:
        DataError: where they are not.
    """
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except OSError as error:
        raise DataError(f"{path}: {A_PICTURE}, but it cannot be read: {error.strerror}", knob=knob) from None
    if start.startswith(STARTS) or (start[:4] == b"RIFF" and start[8:] == b"WEBP"):
        return
    from PIL import Image  # it knows many more formats, some of them by no first bytes at all

    try:
        with Image.open(path):
            pass
    except Exception:  # Pillow's decoders raise whatever a broken file leads them to.
        raise DataError(
            f"{path}: {A_PICTURE}, found something else", knob=knob, help="delete it, or move it away"
        ) from None


def values_to_decode(images: Images, wanted: Wanted) -> int:
    """How many values the headers of the pictures say that they have, as far as the files can hold them."""
    import warnings

    from PIL import Image

    total = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in listed(images, wanted).rows:
            try:
                with Image.open(row.path) as opened:
                    claimed = opened.width * opened.height * len(opened.getbands())
                    # a short file that says it is huge is soon decoded: up to where it ends
                    holds = INFLATES * 8 * row.path.stat().st_size if opened.format == "PNG" else claimed
                    total += min(claimed, holds)
            except Exception:  # Pillow's decoders raise whatever a broken file leads them to; reading it will say so.
                continue
    return total


def from_list(list_file: Path, wanted: Wanted) -> Listing:
    """The pictures of a CSV file of path,label (of paths alone where the network has no classes).

    Raises:
        DataError: for a missing or empty list, a row of another length, a label that is no class, and a path at which
            no plain file is, or an empty one.
    """
    if expect_file(list_file, "a list of pictures", "list") > LIST_BYTES:
        raise DataError(f"{list_file}: expected a list of pictures, found more than {LIST_BYTES:,} bytes", knob="list")
    columns = HEADERS[0] if wanted.classes else HEADERS[1]
    listing = Listing()
    try:
        with list_file.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            for cells in reader:
                row = [cell.strip() for cell in cells]
                if not any(row) or (not listing.rows and [cell.lower() for cell in row] in HEADERS):
                    continue
                place = f"{list_file}:{reader.line_num}"
                if len(row) != len(columns):
                    raise DataError(
                        f"{place}: expected {','.join(columns)}, found {counted(len(row), 'column')}",
                        knob="list",
                        help=f"write a path{' and a label, with a comma between' if wanted.classes else ''} in each "
                        f"line of {list_file.name}",
                    )
                try:
                    listing.rows.append(_listed(listing, list_file, place, row, wanted))
                except DataError as error:
                    if is_inside(list_file, wanted.root):
                        raise
                    said = f"{place}: expected a picture{' and a class' * bool(wanted.classes)}, found something else"
                    help = f"{list_file.name} is not quoted, as it lies outside of the network's folder"
                    raise DataError(said, code=error.code, knob="list", help=help) from None
    except OSError as error:
        raise DataError(
            f"{list_file}: expected a list of pictures, but it cannot be opened: {error.strerror}", knob="list"
        ) from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise DataError(
            f"{list_file}: expected a CSV file in UTF-8: {error}", knob="list", help="save it as CSV in UTF-8"
        ) from None
    if not listing.rows:
        raise DataError(
            f"{list_file}: expected pictures, found none",
            code="no-pictures",
            knob="list",
            help=f"write a line for each picture into {list_file.name}: {','.join(columns)}",
        )
    return listing


def _listed(listing: Listing, list_file: Path, place: str, row: list[str], wanted: Wanted) -> Row:
    """One row of a list."""
    label = None
    if wanted.classes:
        label = wanted.place(row[1])
        if label is None:
            raise DataError(
                f"{place}: expected one of the classes {', '.join(wanted.classes)}, found {row[1]!r}",
                code="unknown-label",
                knob="list",
                help=f"{_near(row[1], wanted)}write one of the classes, or add it to output.classes",
            )
    path = resolved(list_file.parent, row[0])
    try:
        listing.bytes += _check_size(path, expect_file(path, "a picture", "list"), "list")
    except DataError as error:
        raise DataError(f"{place}: {error}", code=error.code, knob="list", help=error.help) from None
    return Row(path, label, os.path.normpath(row[0].replace("\\", "/")).replace(os.sep, "/"))
