"""What is done to a writer."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import random
import resource
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from tests.attacked.writers import Writer
from xonet import files, folders
from xonet.training import claims

MARK = b"mine: "
"""What the attacker's own files begin with, and those outside."""
MOUNT = ctypes.CDLL(None, use_errno=True)


class Attack:
    """One attack; drawn when it is made."""

    kills = races = restores = False

    def __init__(self, writer: Writer, here: Path, outside: Path, rng: random.Random) -> None:
        self.writer, self.here, self.outside, self.rng = writer, here, outside, rng
        self.planted: set[int] = set()
        self.said = ""

    @classmethod
    def possible(cls, writer: Writer) -> bool:
        return True

    @contextlib.contextmanager
    def room(self) -> Iterator[None]:
        """What the folder is in."""
        self.here.mkdir()
        yield

    def plant(self) -> None:
        """Before the writer runs."""

    def arm(self) -> None:
        """In the writer's process."""

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.said}"


def is_root() -> bool:
    return os.geteuid() == 0


def is_inside(path: Path, folder: Path) -> bool:
    """Whether the attacker can work there without leaving the folder."""
    return Path(os.path.realpath(path)).is_relative_to(folder)


def free_place(path: Path) -> None:
    """Move away what is at a path."""
    with contextlib.suppress(FileNotFoundError):
        os.rename(path, path.with_name(f"away-{time.monotonic_ns()}-{path.name}"))


def put(what: str, path: Path, outside: Path, rng: random.Random) -> None:
    """Put something at a path."""
    links = {
        "link to a file": outside / rng.choice(["model.safetensors", "out", "xo.yaml"]),
        "link to a folder": outside,
        "link to a folder inside of it": outside / "unfinished",
        "broken link": outside / "new",
        "link to no folder": outside / "new" / "new",
        "link to itself": path.name,
        "link to /dev/full": "/dev/full",
        "link to /dev/zero": "/dev/zero",
    }
    if what in links:
        path.symlink_to(links[what])
    elif what == "relative link":
        path.symlink_to(os.path.relpath(outside / "out", path.parent))
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "socket":
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as made:  # its path may be too long
            made.bind(os.path.relpath(path))
    elif what == "device":
        if not is_root():
            return
        os.mknod(path, 0o666 | 0o020000, os.makedev(1, rng.choice([3, 5, 7])))
    elif what == "hard link":
        os.link(outside / "out", path)
    elif what in ("folder", "full folder"):
        path.mkdir()
        if what == "full folder":
            (path / "file").write_bytes(MARK)
    else:
        _put_whole(path, {"file": 0o644, "read-only file": 0o444, "secret file": 0o000}[what])


def _put_whole(path: Path, mode: int) -> None:
    """A file that has its content from the first moment on: who races is ended at any moment."""
    handle = os.open(path.parent, os.O_TMPFILE | os.O_WRONLY, mode)
    try:
        os.write(handle, MARK)
        os.fchmod(handle, mode)
        # with a folder's handle Python follows the link, as linkat can and link cannot
        os.link(f"/proc/self/fd/{handle}", path, src_dir_fd=handle, follow_symlinks=True)
    finally:
        os.close(handle)


THINGS = (
    "link to a file", "link to a folder", "link to a folder inside of it", "broken link", "link to no folder",
    "link to itself", "link to /dev/full", "link to /dev/zero", "relative link", "pipe", "socket", "hard link",
    "folder", "full folder", "file", "read-only file", "secret file", "device",
)  # fmt: skip
"""What lies in the way; a device only where root attacks."""


class Planted(Attack):
    """Something else is in the place of a target, of a folder on the way, or of a name that a writer might take."""

    def plant(self) -> None:
        for _ in range(self.rng.choice([1, 1, 2, 5])):
            path = self.here / self.rng.choice(self.writer.paths)
            if self.rng.random() < 0.3:
                ends = ("part", "tmp", "new", "run")
                names = [f".{path.name}.{end}" for end in ends] + [f"{path.name}.{end}" for end in ends] + [
                    f".xonet-{self.rng.randrange(2**64):016x}.{self.rng.choice(ends)}", f"{path.name}~", ".part"
                ]  # fmt: skip
                path = path.with_name(self.rng.choice(names))
            if not is_inside(path.parent, self.here):
                continue
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError:
                continue  # an earlier one is in the way
            free_place(path)
            what = self.rng.choice(THINGS)
            put(what, path, self.outside, self.rng)
            self.planted |= {path.lstat().st_ino} if os.path.lexists(path) else set()
            self.said += f"{path.relative_to(self.here)} is a {what}, "


class ReadOnlyFolder(Attack):
    """A folder on the way cannot be written."""

    @classmethod
    def possible(cls, writer: Writer) -> bool:
        return not is_root()

    def plant(self) -> None:
        self.folders = [self.here, *[path for path in self.here.rglob("*") if path.is_dir()]]
        self.folders = [self.rng.choice(self.folders)]
        self.folders[0].chmod(0o555)

    @contextlib.contextmanager
    def room(self) -> Iterator[None]:
        with super().room():
            try:
                yield
            finally:
                self.folders[0].chmod(0o755)


class TooLarge(Attack):
    """No file may be longer than some bytes."""

    restores = True

    def arm(self) -> None:
        most = self.rng.choice([0, 1, 100, self.rng.randrange(4000), self.rng.randrange(40000)])
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


class FullDisk(Attack):
    """A disk with no room, or with some pages of it."""

    @classmethod
    def possible(cls, writer: Writer) -> bool:
        return is_root() and can_mount()

    @contextlib.contextmanager
    def room(self) -> Iterator[None]:
        self.here.mkdir()
        with mounted(self.here, "size=2m,nr_inodes=200"):
            yield

    def plant(self) -> None:
        pages = self.rng.choice([0, 0, 1, 2, 3, self.rng.randrange(30)])
        with contextlib.suppress(OSError), open(self.here / "ballast", "wb") as file:
            file.write(MARK)
            while True:
                file.write(bytes(4096))
                file.flush()
        with open(self.here / "ballast", "r+b") as file:
            file.truncate(os.path.getsize(self.here / "ballast") // 4096 * 4096 - 4096 * pages)
        if self.rng.random() < 0.2:
            with contextlib.suppress(OSError):
                for number in range(200 - self.rng.randrange(4)):
                    (self.here / f"ballast-{number}").touch()
        self.said = f"{pages} pages are free"


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    if MOUNT.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, options.encode()) != 0:
        raise OSError(ctypes.get_errno(), "cannot mount")
    try:
        yield
    finally:
        MOUNT.umount2(os.fsencode(folder), 2)


def can_mount() -> bool:
    """Whether a file system of our own can be had."""
    global _can
    if _can is None:
        folder = Path(f"/tmp/xonet-can-mount-{os.getpid()}")
        folder.mkdir()
        try:
            with mounted(folder, "size=64k"):
                _can = True
        except OSError:
            _can = False
        folder.rmdir()
    return _can


_can: bool | None = None


class Counted:
    """The module `os`, one call of which is the last, or fails."""

    CALLS = (
        "open", "link", "replace", "unlink", "mkdir", "rmdir", "fsync", "fchmod", "fchown", "close", "fdopen", "fstat"
    )  # fmt: skip

    def __init__(self, happens) -> None:
        self._happens, self._in = happens, False

    def __getattr__(self, name: str):
        found = getattr(os, name)
        calls = (
            "open",
            "link",
            "replace",
            "unlink",
            "mkdir",
            "rmdir",
            "fsync",
            "fchmod",
            "fchown",
            "close",
            "fdopen",
            "fstat",
        )
        if name not in calls:
            return found

        def call(*arguments, **named):
            self._happens(name)
            return found(*arguments, **named)

        return call


class Step(Attack):
    """Something happens at one of the steps of writing."""

    restores = True
    MOST = 400

    def arm(self) -> None:
        left = self.rng.choice([self.rng.randrange(20), self.rng.randrange(80), self.rng.randrange(self.MOST)])

        def happens(name: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                self.happen(left, name)

        for module in (files, folders, claims):
            module.os = Counted(happens)


class Killed(Step):
    """The process is killed between two steps."""

    kills = True

    def happen(self, left: int, name: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class Fails(Step):
    """One step fails, or every step from there on."""

    def arm(self) -> None:
        self.number = self.rng.choice([errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.ENOLCK])
        self.all = self.rng.random() < 0.3
        super().arm()

    def happen(self, left: int, name: str) -> None:
        if name in ("close", "fstat", "unlink", "rmdir"):
            return  # what cleans up can do no more than try
        if self.all or left == -1:
            raise OSError(self.number, os.strerror(self.number))


class NoLocks(Attack):
    """The file system has no locks."""

    restores = False

    def arm(self) -> None:
        import fcntl

        def flock(*_: object) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        fcntl.flock = flock


class Race(Attack):
    """Somebody swaps targets and folders all the time."""

    races = True

    def race(self, writer: int) -> None:
        rng, here = random.Random(self.rng.random()), self.here
        paths = [here / path for path in self.writer.paths]
        while True:
            path = rng.choice(paths)
            with contextlib.suppress(OSError):
                if is_inside(path.parent, here):
                    free_place(path)
                    if rng.random() < 0.5:
                        what = rng.choice(THINGS)
                        put(what, path, self.outside, rng)
                    elif away := sorted(path.parent.glob(f"away-*-{path.name}")):
                        os.rename(rng.choice(away), path)
            time.sleep(rng.choice([0, 0, 0.0001, 0.001]))


ATTACKS = (Planted, Planted, Planted, ReadOnlyFolder, TooLarge, FullDisk, Killed, Killed, Fails, NoLocks, Race, Race)
