"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PathLike = str | os.PathLike[str]
Data = bytes | str | memoryview


BESIDE = ".xonet-"
"""How the names begin of files that are not whole yet; the rest cannot be guessed."""


def write_whole(
    path: PathLike,
    data: Data | Iterable[Data],
    *,
    old: bytes | None = None,
    new: bool = False,
    through: bool = True,
) -> None:
    """Write a file beside its place first, then rename it onto it: nobody ever sees a part of it.

    The file beside is new, by a name that nobody knows before: what others put into the folder, links and pipes among
    it, is not written to.

    Args:
        path: Where; its folder must be there.
        data: What, in one piece or several; text as UTF-8, and what came from names that are no UTF-8 as the bytes that
            it was.
        old: What must still be there, where somebody may have changed it meanwhile.
        new: Whether there must be no such file.
        through: Whether what a person named is written, whatever it is: the file behind a link, with the owner,
            permissions and attributes that it had; a terminal, a pipe or a device as it is. Otherwise a file takes the
            place of whatever is there.

    Raises:
        OSError: naming `path`, where there is no room or no permission, or where what the file was cannot be kept (it
            is read-only, has several names, or another owner); what was at `path` is still there.
        FileExistsError: with `new`, where there is one.
    """
    parts: Iterable[Data] = [data] if isinstance(data, bytes | str | memoryview) else data
    content = (part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part for part in parts)
    place = Path(os.path.realpath(path) if through else path)
    try:
        if new and os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        if through and os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.writelines(content)
            return
        if place.is_file() and not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))  # a renaming would not ask
        handle, beside = tempfile.mkstemp(dir=place.parent, prefix=BESIDE)
        try:
            with os.fdopen(handle, "wb") as file:
                _lock(handle)
                file.writelines(content)
                file.flush()
                os.fsync(file.fileno())
            if through and os.path.isfile(place):
                _take_after(place, beside)
            else:
                os.chmod(beside, new_file_mode())
            if old is not None and place.read_bytes() != old:
                raise OSError("the file changed meanwhile; nothing is written")
            if not new:
                os.replace(beside, place)
            elif _linked(beside, place):
                os.unlink(beside)
            else:
                os.rename(beside, place)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), os.fspath(path)) from None


def remove_leftovers(folder: Path) -> None:
    """Remove files that processes were writing when they were killed: nobody holds a lock on them."""
    for left in folder.glob(f"{BESIDE}*"):
        with contextlib.suppress(OSError):
            handle = os.open(left, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            try:
                if _lock(handle):
                    left.unlink()
            finally:
                os.close(handle)


def _lock(handle: int) -> bool:
    """Hold a lock on an open file until it is closed; whether nobody else has it."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # or a file system without locks
        return False
    return True


def same_file(path: PathLike, other: PathLike) -> bool:
    """Whether two paths lead to one file, by links of either kind or another way of writing."""
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _linked(beside: str, place: Path) -> bool:
    """Link the file into its place, which refuses one that appeared there in this moment; whether links are known."""
    try:
        os.link(beside, place)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True


def _take_after(place: Path, beside: str) -> None:
    """Give the file beside all that the one in place is but for its content.

    Raises:
        OSError: where that cannot be.
    """
    was, new = os.stat(place), os.stat(beside)
    if not was.st_mode & 0o222:  # for root, every file can be written
        raise PermissionError(errno.EACCES, "it is read-only")
    if was.st_nlink > 1:
        raise OSError(errno.EMLINK, "it has several names (hard links), and only this one would change")
    if (was.st_uid, was.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.chown(beside, was.st_uid, was.st_gid)
        except OSError:
            raise PermissionError(errno.EPERM, "it belongs to another user or group, and would not any more") from None
    if hasattr(os, "listxattr"):  # access control lists among them
        for name in os.listxattr(place):
            value = os.getxattr(place, name)
            if name not in os.listxattr(beside) or os.getxattr(beside, name) != value:
                os.setxattr(beside, name, value)
    os.chmod(beside, stat.S_IMODE(was.st_mode))


def new_file_mode() -> int:
    """The permissions that a new file gets, as the user's umask has it."""
    mask = os.umask(0)  # it can be read only by setting it
    os.umask(mask)
    return 0o666 & ~mask
