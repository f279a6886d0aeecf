"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from xonet.attributes import take_after
from xonet.folders import Folder, PathLike, is_stream, leads_out, names, open_folder, open_real

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

Data = bytes | str | memoryview

LEFTOVER = re.compile(r"\.xonet-[0-9a-f]{16}\.(part|run)")
"""How files are called that are not whole yet, or that say whose a folder is; the digits cannot be guessed."""

_BINARY = getattr(os, "O_BINARY", 0)
_AS_IT_IS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _BINARY
"""To open what is in a folder, and not what it leads to; without waiting for somebody at the other end of a pipe."""

_tidied: set[tuple[int, int] | str] = set()
"""The folders in which this process has looked for what killed ones left."""


def write_whole(
    path: PathLike,
    data: Data | Iterable[Data],
    *,
    old: bytes | None = None,
    new: bool = False,
    through: bool = True,
    mode: int = 0o666,
    base: PathLike = ".",
) -> None:
    """Write a file beside its place first, then rename it onto it: nobody ever sees a part of it.

    The file beside is new, by a name that nobody knows before, in a folder that is held open: what others put there or
    in its way, links and pipes among it, is not written to.

    Args:
        path: Where; its folder must be there.
        data: What, in one piece or several; text as UTF-8, and what came from names that are no UTF-8 as the bytes that
            it was.
        old: What must still be there, where somebody may have changed it meanwhile.
        new: Whether there must be no such file.
        through: Whether what a person named is written, whatever it is: the file behind a link that does not lead out
            (see `leads_out`), with the owner, permissions and attributes that it had; a terminal, a pipe or a device as
            it is. Otherwise a file takes the place of whatever is there.
        mode: The permissions of a file that is made, but for those that the umask takes.
        base: As for `open_folder`.

    Raises:
        OSError: naming `path`, where there is no room or no permission, where a link leads out, or where what the file
            was cannot be kept (it is read-only, has several names, or another owner); what was at `path` is still
            there.
        FileExistsError: with `new`, where there is one.
    """
    parts: Iterable[Data] = [data] if isinstance(data, bytes | str | memoryview) else data
    content = (part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part for part in parts)
    through = through and not new
    try:
        if through and is_stream(path) and os.path.exists(path) and not os.path.isfile(path):
            _write_to(os.open(path, os.O_WRONLY | _BINARY), content)
            return
        real = os.path.realpath(path)
        if through and (out := leads_out(path, real)):
            why = f"this is a link that leads to {out}, outside of its folder and of the working folder"
            raise OSError(errno.ELOOP, f"{why}: name that file itself")
        place = Path(real if through else path)
        with open_real(place.parent) if through else open_folder(place.parent, base=base) as folder:
            if (known := _known(folder)) not in _tidied:
                _tidied.add(known)
                remove_leftovers(folder)
            _write_in(folder, place.name, content, old, new, through, mode)
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), os.fspath(path)) from None


def _write_in(
    folder: Folder, name: str, content: Iterable[bytes | memoryview], old: bytes | None, new: bool, through: bool,
    mode: int,
) -> None:  # fmt: skip
    """`write_whole` in an open folder."""
    if new and _is_there(folder, name):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    was = None if new else _opened(folder, name, through)
    if was is not None and not stat.S_ISREG(os.fstat(was).st_mode):
        if through:
            _write_to(was, content)
            return
        os.close(was)
        was = None
    try:
        keeps = was is not None and through
        handle, beside = make_beside(folder, 0o600 if keeps else mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(content)
                file.flush()
                if was is not None and keeps:
                    take_after(was, handle)  # a write takes away the set-uid bit
                os.fsync(handle)
                if was is not None:
                    os.close(was)
                    was = None
                if old is not None and not _is_still(folder, name, old):
                    raise OSError("the file changed meanwhile; nothing is written")
                # while the lock is held: whoever tidies does not take it for one that a killed process left
                if fcntl is not None:
                    _put(folder, beside, name, new)
            if fcntl is None:  # Windows, where an open file cannot be renamed
                _put(folder, beside, name, new)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(folder.name(beside), dir_fd=folder.handle)
            raise
    finally:
        if was is not None:
            os.close(was)


def make_beside(folder: Folder, mode: int = 0o600, kind: str = "part") -> tuple[int, str]:
    """A new file in a folder, by a name that cannot be guessed: its handle, locked as long as it is open, and its name.

    Raises:
        OSError: where none can be made.
    """
    while True:
        name = f".xonet-{os.urandom(8).hex()}.{kind}"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | _AS_IT_IS
        handle = os.open(folder.name(name), flags, mode, dir_fd=folder.handle)
        try:
            lock(handle)
            if os.fstat(handle).st_nlink:
                return handle, name
        except BlockingIOError:
            pass  # one who tidies was faster than the lock, and took it for what a killed process had left
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        with contextlib.suppress(OSError):
            os.unlink(folder.name(name), dir_fd=folder.handle)


def remove_leftovers(folder: Folder) -> None:
    """Remove files that processes were writing when they were killed: nobody holds a lock on them."""
    for name in leftovers(folder):
        with contextlib.suppress(OSError), opened_leftover(folder, name) as handle:
            if lock(handle):
                os.unlink(folder.name(name), dir_fd=folder.handle)


def leftovers(folder: Folder) -> list[str]:
    """The names in a folder of files that only live while somebody is at work in it."""
    try:
        return [name for name in names(folder) if LEFTOVER.fullmatch(name)]
    except OSError:
        return []  # a folder may be written to without being read


@contextlib.contextmanager
def opened_leftover(folder: Folder, name: str) -> Iterator[int]:
    """A plain file in a folder, open; errors as of `os.open`, and OSError for what is no plain file."""
    handle = os.open(folder.name(name), os.O_RDWR | _AS_IT_IS, dir_fd=folder.handle)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "no plain file")
        yield handle
    finally:
        os.close(handle)


def lock(handle: int, *, wait: bool = False) -> bool:
    """Hold a lock on what is open until it is closed; False where the file system has no locks.

    Raises:
        BlockingIOError: where another has it, and without `wait`.
    """
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


def same_file(path: PathLike, other: PathLike) -> bool:
    """Whether two paths lead to one file, by links of either kind or another way of writing."""
    try:
        return os.path.samefile(path, other)
    except OSError:
        return False


def _known(folder: Folder) -> tuple[int, int] | str:
    if folder.handle is None:
        return folder.real
    found = os.fstat(folder.handle)
    return found.st_dev, found.st_ino


def _is_there(folder: Folder, name: str) -> bool:
    try:
        os.stat(folder.name(name), dir_fd=folder.handle, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _opened(folder: Folder, name: str, through: bool) -> int | None:
    """What is to be written to, or replaced, open; None where there is nothing, or nothing to be kept.

    Raises:
        OSError: where it cannot be written: a renaming would not ask.
    """
    try:
        return os.open(folder.name(name), os.O_WRONLY | _AS_IT_IS, dir_fd=folder.handle)
    except FileNotFoundError:
        return None
    except OSError as error:
        if through and error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "this is a pipe that nobody reads, or a socket") from None
        if through or isinstance(error, PermissionError):
            raise
        return None


def _is_still(folder: Folder, name: str, old: bytes) -> bool:
    """Whether a file is there with just these bytes."""
    try:
        handle = os.open(folder.name(name), os.O_RDONLY | _AS_IT_IS, dir_fd=folder.handle)
    except OSError:
        return False
    with os.fdopen(handle, "rb") as file:
        return stat.S_ISREG(os.fstat(handle).st_mode) and file.read(len(old) + 1) == old


def _put(folder: Folder, beside: str, name: str, new: bool) -> None:
    """Rename the file beside into its place; with `new`, one that appeared there in this moment refuses it."""
    here, there = folder.name(beside), folder.name(name)
    if new:
        try:
            os.link(here, there, src_dir_fd=folder.handle, dst_dir_fd=folder.handle)
        except FileExistsError:
            raise
        except OSError:
            pass  # a file system without such links
        else:
            os.unlink(here, dir_fd=folder.handle)
            return
    os.replace(here, there, src_dir_fd=folder.handle, dst_dir_fd=folder.handle)


def _write_to(handle: int, content: Iterable[bytes | memoryview]) -> None:
    """Write to a terminal, a pipe or a device, however slowly it takes it; and close it."""
    with os.fdopen(handle, "wb") as file:
        if hasattr(os, "set_blocking"):
            os.set_blocking(handle, True)
        file.writelines(content)
