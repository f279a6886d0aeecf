"""Files and folders as data names them: found whatever Unicode form their names are in, and never waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from xonet.data import DataError
from xonet.language.words import same_name

LITTER = frozenset(
    "thumbs.db ehthumbs.db ehthumbs_vista.db desktop.ini icon\r __macosx @eadir $recycle.bin __pycache__ lost+found "
    ".ds_store .directory .git .gitkeep .gitignore .gitattributes .keep .nomedia .svn .hg .dvc .idea .vscode "
    ".ipynb_checkpoints .picasa.ini .picasaoriginals .thumbnails .cache .localized .spotlight-v100 .trashes .fseventsd "
    ".temporaryitems .apdisk".split(" ")
) | {"system volume information"}
"""What systems and programs leave in folders, in small letters: nobody means it as a picture, so nothing is said."""
INFLATES = 1032
"""How many times as long as a deflated file its content may be, at most (zlib's technical notes)."""


def is_litter(name: str) -> bool:
    """Whether a name is of something that a system left there."""
    return name.startswith(("._", "~$", ".~", ".nfs", ".fuse_hidden", ".trash-")) or name.lower() in LITTER


def resolved(root: Path, name: str) -> Path:
    """The path below `root`; where nothing is there, what has the same name in another Unicode form, or with `/`."""
    path = root / name
    if _exists(path):
        return path
    found = root
    for part in Path(name.replace("\\", "/")).parts:
        inner = found / part
        if not _exists(inner):
            try:
                inner = next(entry for entry in found.iterdir() if same_name(entry.name) == same_name(part))
            except (StopIteration, OSError, ValueError):
                return path
        found = inner
    return found


def _exists(path: Path) -> bool:
    # os.path's functions are False for a name that no system would take, where pathlib's raise.
    return os.path.lexists(path)


def is_inside(path: Path, root: Path) -> bool:
    """Whether a file lies below a folder, or below the working folder: others are a stranger's to name, not to see."""
    real = Path(os.path.realpath(path))
    return any(real.is_relative_to(os.path.realpath(folder)) for folder in (root, "."))


def expect_file(path: Path, what: str, knob: str = "") -> int:
    """The size of a plain file that can be read.

    Raises:
        DataError: where there is none: a folder, a pipe or a device is never opened.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _missing(path, what, knob, error) from None
    if not stat.S_ISREG(status.st_mode):
        found = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
        raise DataError(f"{path}: expected {what}, found {found}", knob=knob, help="name a regular file")
    if not os.access(path, os.R_OK):
        raise DataError(f"{path}: expected {what}, but it cannot be read: Permission denied", knob=knob, help=ACCESS)
    return status.st_size


def expect_folder(path: Path, what: str, knob: str = "") -> None:
    """Nothing, where there is a folder that can be listed.

    Raises:
        DataError: where there is none.
    """
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _missing(path, what, knob, error) from None
    if not stat.S_ISDIR(status.st_mode):
        raise DataError(f"{path}: expected {what}, found a file", knob=knob, help="name the folder it is in")
    if not os.access(path, os.R_OK | os.X_OK):
        raise DataError(f"{path}: expected {what}, but it cannot be read: Permission denied", knob=knob, help=ACCESS)


ACCESS = "change its permissions"


def _missing(path: Path, what: str, knob: str, error: Exception) -> DataError:
    if isinstance(error, OSError) and error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
        return DataError(f"{path}: expected {what}, but it cannot be read: {error.strerror}", knob=knob, help=ACCESS)
    there = next((folder for folder in path.parents if os.path.exists(folder)), Path())
    found = "a broken link" if os.path.islink(path) else "nothing"
    return DataError(
        f"{path}: expected {what}, found {found}",
        code="missing-path",
        knob=knob,
        help="paths are relative to the network file's folder, or to --data-root; --no-data skips this check",
        note=f"the nearest existing folder: {there}",
    )
