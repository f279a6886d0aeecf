"""Folders that belong to a process while that holds a lock on them.

The lock is `flock` of the folder itself: it ends with the process, however that ends, so a dead one's claim is none. A
locked file in the folder says whose it is; where folders have no locks, as on NFS, it is the lock.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

from xonet.arrays import cannot_write, shown
from xonet.files import leftovers, lock, make_beside, opened_leftover, remove_leftovers
from xonet.folders import Folder, claimed, make_folder, open_folder, remove, remove_empty
from xonet.training.runs import UNFINISHED

SIGN = ".run"
"""How the name ends of the file that says whose a folder is."""
LONGEST_SIGN = 1000
"""Bytes that are read of it."""


class Claim:
    """A folder that is this process's until it is closed; one that is empty then is removed."""

    def __init__(self, path: Path) -> None:
        """Nothing is made or taken yet."""
        self.path = path
        self._made: list[Path] = []
        self._handle = self._sign = -1
        self._name = self._real = ""

    def take(self) -> None:
        """Make the folder and take it.

        Raises:
            BlockingIOError: where another process has it.
            OSError: where it cannot be made.
        """
        path = self.path
        self._made = [folder for folder in (path, *path.parents) if not folder.exists()]
        try:
            make_folder(path)
            self._take()
        except BlockingIOError:
            self._made = []  # it is not this process's to remove
            self._let_go()
            raise
        except OSError as error:
            self.close()
            raise cannot_write(path / "model.safetensors", error) from None
        self._tidy()

    @property
    def holds(self) -> bool:
        """Whether what is at its path is still the folder that was taken."""
        return _is(self._handle, self.path)

    def keep(self) -> None:
        """Make the folder again, and take it, where it was removed or moved away meanwhile.

        Raises:
            OSError: where something else is in its place.
        """
        if self.holds:
            return
        old = self._handle, self._sign, self._name
        claimed.pop(self._real, None)  # or it would not be made
        try:
            if os.path.lexists(self.path):
                raise FileExistsError
            make_folder(self.path)
            self._take()
        except (FileExistsError, BlockingIOError):
            if (self._handle, self._sign, self._name) != old:
                self._let_go()
            self._handle, self._sign, self._name = old
            reason = "the folder was removed, and something else is in its place"
            raise OSError(errno.EEXIST, reason, os.fspath(self.path)) from None
        finally:
            claimed[self._real] = self._handle
        handle, sign, name = old
        _unsign(handle, name)  # wherever that folder is now
        for number in (sign, handle):
            os.close(number)

    def _take(self) -> None:
        """Lock the folder that is at the path, and say in it whose it is.

        Raises:
            BlockingIOError: where another has it.
            OSError: where nothing can be written there.
        """
        with open_folder(self.path) as folder:
            handle, locked = _lock(folder, self.path)
            self._handle, self._sign, self._name = handle, -1, ""
            self._sign, self._name = make_beside(folder, 0o644, SIGN[1:])
            if not locked and _signed(folder, but=self._name):  # of two at this moment, neither has it
                raise BlockingIOError
            self._real, claimed[folder.real] = folder.real, handle
        who = {"pid": os.getpid(), "host": platform.node(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
        with contextlib.suppress(OSError):  # where there is no room for it, the lock is enough
            os.write(self._sign, json.dumps(who).encode())

    def _tidy(self) -> None:
        """Take away what killed processes have left, and what stands where this one's own folder will be."""
        inner = self.path / UNFINISHED
        with contextlib.suppress(OSError):
            if inner.is_symlink():
                remove(inner)
        for place in (self.path, inner):
            with contextlib.suppress(OSError), open_folder(place) as folder:
                remove_leftovers(folder)

    def close(self) -> None:
        """Let go of it; may be called again, where a signal interrupted it."""
        made = [*self._made, self.path.parent] if self._made and self.path.parent == Path("runs") else self._made
        _unsign(self._handle, self._name)  # or the folder would not be empty
        if self._made:
            with contextlib.suppress(OSError), open_folder(self.path) as folder:
                remove_leftovers(folder)
        for folder_or_within in (self.path / UNFINISHED, *made) if self._handle >= 0 else made:
            remove_empty(folder_or_within)
        self._made = []
        self._let_go()

    def _let_go(self) -> None:
        """Nobody's any more, as far as this one is concerned."""
        _unsign(self._handle, self._name)
        sign, self._sign, self._name = self._sign, -1, ""
        if sign >= 0:
            os.close(sign)
        handle, self._handle = self._handle, -1
        if claimed.get(self._real) == handle:
            del claimed[self._real]
        if handle >= 0:
            os.close(handle)


class Claims:
    """The folders that a command takes: it lets go of all when it is left, at whatever moment that is."""

    def __init__(self) -> None:
        """None yet."""
        self._claims: list[Claim] = []

    def take(self, path: Path) -> Claim | None:
        """The claim on a folder; None where another process has it.

        Raises:
            OSError: where it cannot be made.
        """
        claim = Claim(path)
        self._claims.append(claim)  # before it makes anything: a signal may fall between any two steps
        try:
            claim.take()
        except BlockingIOError:
            return None
        return claim

    def close(self) -> None:
        """Let go of all; may be called again, where a signal interrupted it."""
        for claim in self._claims:
            claim.close()

    def __enter__(self) -> Claims:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _unsign(handle: int, name: str) -> None:
    if handle < 0 or not name:
        return
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=handle)


def free(path: Path) -> bool:
    """Whether no process is at work in a folder."""
    try:
        with open_folder(path) as folder:
            handle, locked = _lock(folder, path)
            os.close(handle)
            return locked or not _signed(folder)
    except BlockingIOError:
        return False
    except OSError:
        return True


def holder(path: Path) -> str:
    """Whose a folder is that is not free, in words."""
    who = None
    with contextlib.suppress(OSError), open_folder(path) as folder:
        who = _signed(folder)
    return f"another run ({who})" if who else "another run"


@contextlib.contextmanager
def choosing(parent: Path) -> Iterator[None]:
    """One process at a time looks around in `parent` and takes a folder; where `parent` is missing, it is made."""
    made, handle = not parent.exists(), -1
    try:
        try:
            with open_folder(parent, make=True) as folder:
                handle = _handle(folder)
        except OSError as error:
            raise cannot_write(parent / "model", error) from None
        lock(handle, wait=True)
        yield
    finally:
        if made:
            remove_empty(parent)
        if handle >= 0:
            os.close(handle)


def _lock(folder: Folder, path: Path) -> tuple[int, bool]:
    """A lock on a folder, by the handle that holds it; and whether the file system has such locks.

    Raises:
        BlockingIOError: where another has it.
    """
    handle = _handle(folder)
    try:
        locked = lock(handle)
        if not _is(handle, path):
            raise BlockingIOError  # it was removed meanwhile, by the process that had it
    except OSError:
        os.close(handle)
        raise
    return handle, locked


def _handle(folder: Folder) -> int:
    return os.open(folder.name("."), os.O_RDONLY, dir_fd=folder.handle)


def _is(handle: int, path: Path) -> bool:
    """Whether a handle is of what is at a path now."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _signed(folder: Folder, but: str = "") -> str:
    """Who is at work in a folder, by the files that say so and are locked; an empty string where nobody is."""
    for name in leftovers(folder):
        if name.endswith(SIGN) and name != but:
            with contextlib.suppress(OSError), opened_leftover(folder, name) as handle:
                text = os.pread(handle, LONGEST_SIGN, 0)
                try:
                    if lock(handle) or not _lives(text):
                        continue
                except BlockingIOError:
                    pass
                return _told(text)
    return ""


def _lives(text: bytes) -> bool:
    """Whether the process that a file tells of may be alive, where no lock can say so: one of this machine is asked."""
    try:
        who = json.loads(text)
        if who["host"] != platform.node() or who["pid"] in (os.getpid(), 0):
            return False
        os.kill(who["pid"], 0)
    except PermissionError:
        return True
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return False
    return True


def _told(text: bytes) -> str:
    """Who it is, in words; never empty."""
    try:
        who = json.loads(text)
        return shown(f"process {int(who['pid'])} on {who['host']}, since {who['since']}")
    except (ValueError, TypeError, KeyError, RecursionError):
        return "it does not say which"
