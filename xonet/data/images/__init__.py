"""The source `images`: picture files, in a folder or on a list."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from pathlib import Path

from xonet.data import Dataset, DataSource, Wanted, needs_picture
from xonet.language.fields import Text, field
from xonet.language.shapes import Misfit


class Images(DataSource):
    """Picture files (PNG, JPEG, BMP, GIF, WebP, TIFF, …), from a folder or a list.

    A picture of another size is resized, without regard to its proportions; a colour picture becomes grey for a network
    of one channel; see-through pixels show white paper. For a network without classes pictures have no labels:
    the folder holds them itself, and a list has one column.
    """

    folder: str | None = field(
        Text(), "A folder with one subfolder a class, named like it.", default=None, example="letters/train"
    )
    list: str | None = field(
        Text(),
        "A CSV file with the columns path and label, with or without a first line of these; paths begin at its folder.",
        default=None,
        example="letters/train.csv",
    )

    def check(self, wanted: Wanted) -> None:
        """One of folder and list must be there."""
        needs_picture("images", wanted.shape)
        if self.folder is None and self.list is None:
            raise Misfit("missing-knob", "images needs a folder or a list", help="write images: {folder: ...}")
        if self.folder is not None and self.list is not None:
            raise Misfit(
                "conflicting-knobs", "images takes a folder or a list, not both", knob="list", help="keep one of them"
            )

    def paths(self) -> builtins.list[tuple[str, str]]:
        """The folder, or the list."""
        return [(knob, name) for knob, name in (("folder", self.folder), ("list", self.list)) if name is not None]

    def size(self, root: Path) -> int | None:
        """How many files there are, or rows."""
        from xonet.data.images.look import found

        labels = found(self, root)
        return len(labels) or None

    def label_names(self, root: Path) -> Iterable[str]:
        """The subfolders' names, or what stands in the list's second column."""
        from xonet.data.images.look import found

        return dict.fromkeys(found(self, root))

    def read_data(self, wanted: Wanted) -> Dataset:
        """Every file is opened now, so a broken one is found before training begins."""
        from xonet.data.images.read import from_folder, from_list

        if self.folder is not None:
            return from_folder(wanted.root / self.folder, wanted)
        return from_list(wanted.root / str(self.list), wanted)
