"""What a folder or a list of pictures holds, as far as it can be seen without opening one."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xonet.data.images import Images

HEADERS = (["path", "label"], ["path"])
"""What the first line of a list may be."""


def visible(folder: Path) -> list[Path]:
    """What lies in a folder, by name, without the hidden files that systems leave there."""
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith((".", "__MACOSX")))


def found(images: Images, root: Path) -> list[str]:
    """The label of each picture; nothing where folder or list cannot be read, which is said when it is."""
    try:
        if images.folder is not None:
            folders = [entry for entry in visible(root / images.folder) if entry.is_dir()]
            return [folder.name for folder in folders for entry in visible(folder) if entry.is_file()]
        with (root / str(images.list)).open(encoding="utf-8-sig", newline="") as text:
            rows = [[cell.strip() for cell in row] for row in csv.reader(text) if len(row) == 2]
            return [row[1] for row in rows if row not in HEADERS]
    except (OSError, ValueError, csv.Error):
        return []
