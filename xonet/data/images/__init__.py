"""The source `images`: picture files, in a folder or in a list."""

from __future__ import annotations

import builtins
from typing import ClassVar

from xonet.data import SOURCES, Dataset, DataSource, Look, Wanted, needs_classes, needs_picture
from xonet.language.fields import field
from xonet.language.kinds import Text
from xonet.language.shapes import ShapeError


class Images(DataSource):
    """Picture files (PNG, JPEG, BMP, GIF, WebP, TIFF, …), from a folder or a list.

    A picture of a different size is resized, ignoring its aspect ratio; a colour picture becomes grey for a network
    with one channel; transparent pixels show white paper. For a network without output, or that is to give its input
    back, the folder contains the pictures directly, and a list has one column. Labels and values take a list.
    Names match in whatever Unicode form they are written. Files that systems leave in folders (Thumbs.db, .DS_Store)
    are skipped; hidden files, broken links, files outside the class folders and in deeper ones are left out, and
    reported with their count.
    """

    advice: ClassVar = dict.fromkeys(
        ("masks", "mask", "segmentation", "annotations", "boxes"),
        "remove it: a network answers for a whole picture, not for pixels or places in it",
    )

    folder: str | None = field(
        Text(), "A folder with one subfolder per class, named after the class.", default=None, example="letters/train"
    )
    list: str | None = field(
        Text(),
        "A CSV file with the columns path and label, with or without a header line; paths are relative to its folder. "
        "For output.labels, a line is path,label|label with those that hold, nothing behind the comma if none does; "
        "for output.values, path,value,value with a number each, in the order of a header line that names them, "
        "or of the output.",
        default=None,
        example="letters/train.csv",
    )

    def check(self, wanted: Wanted) -> None:
        """One of folder and list must be there."""
        needs_picture("images", wanted.shape)
        if wanted.labels or wanted.values:
            if self.folder is not None and self.list is None:
                needs_classes("a folder of images", wanted)
        else:
            needs_classes("images", wanted)
        if self.folder is None and self.list is None:
            raise ShapeError("missing-knob", "images needs a folder or a list", help="write images: {folder: ...}")
        if self.folder is not None and self.list is not None:
            raise ShapeError(
                "conflicting-knobs", "images takes a folder or a list, not both", knob="list", help="keep one of them"
            )

    def paths(self) -> builtins.list[tuple[str, str]]:
        """The folder, or the list."""
        return [(knob, name) for knob, name in (("folder", self.folder), ("list", self.list)) if name is not None]

    def look(self, wanted: Wanted) -> Look:
        """Every name is there, is a plain file, is not empty, and has a label that is a class.

        Of more than 20,000 pictures, the first ones are looked at.

        Raises:
            DataError: where that is not so.
        """
        found: Look = SOURCES.part(self, "look").look(self, wanted)
        return found

    def read_data(self, wanted: Wanted) -> Dataset:
        """Every file is opened now, so a broken one is found before training begins."""
        loaded: Dataset = SOURCES.part(self, "read").read(self, wanted)
        return loaded
