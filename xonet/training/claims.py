"""Folders that belong to a process while that holds a lock on them.

The lock is `flock` of the folder itself: it ends with the process, however that ends, so a dead one's claim is none.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from xonet.files import BESIDE, remove_leftovers
from xonet.training.files import cannot_write
from xonet.training.runs import UNFINISHED

try:
    import fcntl
except ImportError:  # where there is no such lock, runs at the same time need folders of their own
    fcntl = None  # type: ignore[assignment]


class Claim:
    """A folder that is this process's until it is closed; one that is empty then is removed."""

    def __init__(self, path: Path) -> None:
        """Nothing is made or taken yet."""
        self.path = path
        self._made: list[Path] = []
        self._handle = -1

    def take(self) -> None:
        """Make the folder and take it.

        Raises:
            BlockingIOError: where another process has it.
            OSError: where it cannot be made.
        """
        path = self.path
        self._made = [folder for folder in (path, *path.parents) if not folder.exists()]
        try:
            path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path, prefix=BESIDE):
                pass  # it can be written to
        except OSError as error:
            raise cannot_write(path / "model.safetensors", error) from None
        try:
            self._handle = _lock(path)
        except BlockingIOError:
            self._made = []  # it is not this process's to remove
            raise
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
        try:
            self.path.mkdir(parents=True)
            handle = _lock(self.path)
        except (FileExistsError, BlockingIOError):
            reason = "the folder was removed, and something else took its place"
            raise OSError(errno.EEXIST, reason, os.fspath(self.path)) from None
        os.close(self._handle)
        self._handle = handle

    def _tidy(self) -> None:
        """Take away what killed processes have left, and what stands where this one's own folder will be."""
        inner = self.path / UNFINISHED
        with contextlib.suppress(OSError):
            if inner.is_symlink():
                inner.unlink()
        for folder in (self.path, inner):
            remove_leftovers(folder)

    def close(self) -> None:
        """Let go of it; may be called again, where a signal interrupted it."""
        made = [*self._made, self.path.parent] if self._made and self.path.parent == Path("runs") else self._made
        if self._made:
            remove_leftovers(self.path)
        for folder in (self.path / UNFINISHED, *made) if self._handle >= 0 else made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        self._made = []
        handle, self._handle = self._handle, -1
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


def free(path: Path) -> bool:
    """Whether no process is at work in a folder."""
    try:
        os.close(_lock(path))
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


@contextlib.contextmanager
def choosing(parent: Path) -> Iterator[None]:
    """One process at a time looks around in `parent` and takes a folder; where `parent` is missing, it is made."""
    made, handle = not parent.exists(), -1
    try:
        try:
            parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(parent, os.O_RDONLY)
        except OSError as error:
            raise cannot_write(parent / "model", error) from None
        _flock(handle, wait=True)
        yield
    finally:
        if made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        if handle >= 0:
            os.close(handle)


def _lock(path: Path) -> int:
    """A lock on a folder, by the handle that holds it.

    Raises:
        BlockingIOError: where another has it.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        _flock(handle, wait=False)
        if not _is(handle, path):
            raise BlockingIOError  # it was removed meanwhile, by the process that had it
    except OSError:
        os.close(handle)
        raise
    return handle


def _is(handle: int, path: Path) -> bool:
    """Whether a handle is of what is at a path now."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _flock(handle: int, wait: bool) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise
    except OSError:
        pass  # a file system without locks
