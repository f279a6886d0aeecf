"""Folders that are opened once, and then held open: a link placed in the way afterwards is not followed.

Links that came with somebody's repository do not decide what is written where: one that lies in the working folder and
leads out of it is refused.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PathLike = str | os.PathLike[str]

_HELD = os.open in os.supports_dir_fd
"""Whether the system can be asked for a file in an open folder; Windows cannot."""

_STEP = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_PATH", os.O_RDONLY)

claimed: dict[str, int] = {}
"""Folders that are this process's alone, by real path: handles. What came in the place of one is not opened."""


@dataclass(frozen=True)
class Folder:
    """An open folder: what is done with `name(...)` and `dir_fd=handle` is done in it, whatever is at its path now."""

    real: str
    handle: int | None

    def name(self, name: str) -> str:
        """How a file in it is called, together with `handle`."""
        return name if self.handle is not None else os.path.join(self.real, name)


def is_stream(path: PathLike) -> bool:
    """Whether a path is one of the system's own names of open files, as /dev/stdout is."""
    return bool(re.fullmatch(r"/dev/std(in|out|err)|(/dev|/proc/[^/]+)/fd/\d+", os.path.abspath(path)))


def leads_out(path: PathLike, real: str = "") -> str:
    """Where a path leads by links, if that is neither below its own folder nor below the working folder; or "".

    `real` is where it leads, for who goes there next: asked a second time, it may be another.
    """
    real = real or os.path.realpath(path)
    if is_stream(path) or Path(real).is_relative_to(os.path.realpath(".")):
        return ""
    own = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    return escapes(path, real=real) or ("" if Path(real).is_relative_to(own) else real)


def escapes(path: PathLike, base: PathLike = ".", real: str = "") -> str:
    """Where a path leads that begins with `base`, if that is outside of it; or ""; `real` as for `leads_out`."""
    real = real or os.path.realpath(path)
    begins = Path(os.path.abspath(path)).is_relative_to(os.path.abspath(base))
    return real if begins and not Path(real).is_relative_to(os.path.realpath(base)) else ""


@contextlib.contextmanager
def open_folder(path: PathLike, *, make: bool = False, base: PathLike = ".") -> Iterator[Folder]:
    """The folder at a path, which may begin with links, but not with one in `base` that leads out of that.

    Args:
        path: Where.
        make: Whether it is made where it is missing, with those above it.
        base: The folder that is not left by links, where the path begins with it.

    Raises:
        OSError: where there is none, a link leads out, or something else is in the place of a folder in `claimed`.
    """
    real = os.path.realpath(path)
    if out := escapes(path, base, real):
        where = "the working folder" if os.fspath(base) == "." else os.fspath(base)
        why = f"{os.fspath(path)} is a link to {out}, outside {where}: name that folder itself"
        raise OSError(errno.ELOOP, why, os.fspath(path))
    with open_real(real, make=make) as folder:
        yield folder


@contextlib.contextmanager
def open_real(real: PathLike, *, make: bool = False) -> Iterator[Folder]:
    """The folder at an absolute path on which no link is, or is any more; otherwise as `open_folder`."""
    if not _HELD:
        if make:
            os.makedirs(real, exist_ok=True)
        yield Folder(os.fspath(real), None)
        return
    root, *parts = Path(real).parts
    handle, here = os.open(root, _STEP), Path(root)
    try:
        for part in parts:
            here /= part
            ours = claimed.get(os.fspath(here))
            above, handle = handle, _step(handle, part, make and ours is None)
            os.close(above)
            if ours is not None and not os.path.samestat(os.fstat(ours), os.fstat(handle)):
                raise OSError(errno.ESTALE, "the folder was removed, and something else is in its place")
    except OSError as error:
        os.close(handle)
        raise type(error)(error.errno, error.strerror, os.fspath(real)) from None
    try:
        yield Folder(os.fspath(real), handle)
    finally:
        os.close(handle)


def _step(above: int, name: str, make: bool) -> int:
    """The folder of this name in an open one; a link is none."""
    try:
        return os.open(name, _STEP, dir_fd=above)
    except FileNotFoundError:
        if not make:
            raise
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, dir_fd=above)
    return os.open(name, _STEP, dir_fd=above)


def make_folder(path: PathLike) -> None:
    """Make a folder where there is none, and those above it; errors as of `open_folder`."""
    with open_folder(path, make=True):
        pass


def names(folder: Folder) -> list[str]:
    """What is in a folder.

    Raises:
        OSError: where it cannot be read.
    """
    if folder.handle is None:
        return os.listdir(folder.real)
    handle = os.open(".", os.O_RDONLY, dir_fd=folder.handle)
    try:
        return os.listdir(handle)
    finally:
        os.close(handle)


def remove_with_files(path: Path) -> None:
    """Remove a folder and the files in it, where no folder is among them; errors as of `open_folder`.

    (`shutil.rmtree` opens a pipe that somebody put in the folder's place, and waits.)
    """
    with open_folder(path, base=path.parent) as folder:
        for name in names(folder):
            os.unlink(folder.name(name), dir_fd=folder.handle)
    os.rmdir(path)


def remove(path: Path) -> None:
    """Remove a file, where there is one; errors as of `open_folder`."""
    with contextlib.suppress(FileNotFoundError), open_folder(path.parent) as folder:
        os.unlink(folder.name(path.name), dir_fd=folder.handle)


def remove_empty(path: Path) -> None:
    """Remove a folder, where that can be done and it is empty."""
    with contextlib.suppress(OSError), open_folder(path.parent) as folder:
        os.rmdir(folder.name(path.name), dir_fd=folder.handle)


def move(there: Path, here: Path) -> None:
    """Move a file, if it exists, over another; errors as for `open_folder`."""
    with contextlib.suppress(FileNotFoundError), open_folder(there.parent) as old, open_folder(here.parent) as new:
        os.replace(old.name(there.name), new.name(here.name), src_dir_fd=old.handle, dst_dir_fd=new.handle)
