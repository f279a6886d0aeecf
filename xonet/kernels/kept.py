"""Compiled kernels on disk: where they lie, whether they may be run, and which nobody needs any more.

What stands in a kernel's file is run. So a folder counts only where nobody but its user and the administrator can
write, and a file only if it is whole; otherwise a kernel is compiled anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
import sys
import time
from functools import cache
from importlib.metadata import version
from pathlib import Path

from xonet.files import write_whole
from xonet.folders import remove_with_files
from xonet.kernels import objects, target

PACKAGE = Path(__file__).resolve().parent.parent
SYSTEM = Path("/var/cache/xonet")
"""What `xonet warm` fills when the administrator types it; everybody reads it, before the user's own folder."""
DAY = 24 * 3600
UNUSED = 30 * DAY
"""Seconds after which kernels that nobody loaded are removed: those of other processors, versions, or sources."""
LARGEST = 2**26
"""Bytes of a file; the largest that is written has a tenth of that."""
FINGERPRINT = 16
"""Bytes before the code in a file, by which one that is damaged, or another kernel's, is known."""
_APART = ("NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "NUMBA_THREADING_LAYER", "NUMBA_DISABLE_JIT")
"""Variables of Numba's that change no code."""


def user_folder() -> Path:
    """The user's own: XONET_CACHE_DIR, or `xonet` in the user's cache folder."""
    if chosen := os.environ.get("XONET_CACHE_DIR"):
        return Path(chosen)
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home, as in some containers: below a file no folder can be made
        home = Path(os.devnull)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or home / ".cache"
    return Path(base) / "xonet"


def folders() -> list[Path]:
    """Where kernels are looked for, in this order; new ones are kept in the last."""
    own = user_folder()
    return [own] if "XONET_CACHE_DIR" in os.environ or sys.platform == "win32" else [SYSTEM, own]


def sources() -> list[Path]:
    """The files that kernels, and what they call, stand in: all of them, and layers that are nothing but formulas."""
    return sorted(path for kind in ("kernels/*.py", "**/native.py", "layers/[!_]*.py") for path in PACKAGE.glob(kind))


@cache
def digest() -> str:
    """What compiled code depends on: the kernels' sources, what compiles them and how, and the processor."""
    found = hashlib.blake2b(digest_size=12)
    for source in sources():
        found.update(source.relative_to(PACKAGE).as_posix().encode() + b"\0" + source.read_bytes())
    settings = [f"{name}={value}" for name, value in sorted(os.environ.items()) if name.startswith("NUMBA_")]
    settings = [setting for setting in settings if not setting.startswith(_APART)]
    versions = [version("numba"), version("llvmlite"), sys.version, *target.processor(), *settings]
    found.update("\0".join(versions).encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def read(name: str, only: Path | None = None) -> bytes | None:
    """The code of a kernel, from the first folder that has it, or `only` from one; None where it must be compiled."""
    for folder in [only] if only else folders():
        place = _place(folder)
        if place.is_dir() and not distrusted(place):
            code = _whole(place / f"{name}.o", name)
            if code is not None:
                _used(place)
                return code
    return None


def keep(name: str, code: bytes, folder: Path | None = None) -> None:
    """Write a kernel into a folder, the user's own one without it; nothing where `not_kept` says why.

    Two processes that fill a folder at once do no harm, nor does one that is killed, nor a disk that loses a part.
    What is for everybody can be read by everybody, whatever the administrator's umask.
    """
    folder = folder or folders()[-1]
    with contextlib.suppress(OSError):  # what cannot be written costs time at the next start, nothing else
        _make(folder / digest(), for_everybody=folder == SYSTEM)
        place = _place(folder)
        if distrusted(place):
            return
        path = folder / digest() / f"{name}.o"
        write_whole(path, _fingerprint(name, code) + code, through=False, mode=0o644, base=folder)
        if folder == SYSTEM:
            path.chmod(0o644)


def not_kept(folder: Path | None = None) -> str:
    """Why kernels are not kept in a folder (the user's own one without it), or an empty string."""
    place = (folder or folders()[-1]) / digest()
    try:
        _make(place, for_everybody=folder == SYSTEM)
    except OSError as error:
        return f"{place.parent}: {error.strerror or error}"
    if place.is_symlink():
        return f"{place} is a link"
    return distrusted(place) or ("" if os.access(place, os.W_OK) else f"{place.parent} cannot be written")


def distrusted(folder: Path) -> str:
    """Who else could change what stands in a folder, in words; an empty string where nobody can."""
    if sys.platform == "win32":
        return ""
    real = Path(os.path.realpath(folder))
    for place in (real, *real.parents):
        try:
            found = place.stat()
        except FileNotFoundError:
            continue
        except OSError as error:
            return f"{place}: {error.strerror}"
        if found.st_uid not in (0, os.geteuid()):
            return f"{place} belongs to another user"
        # in a folder with the sticky bit, /tmp for one, nobody can rename or remove what is another's
        sticky = place != real and found.st_mode & stat.S_ISVTX
        ours = not found.st_mode & stat.S_IWGRP or (_own(found.st_gid) and not _has_acl(place))
        if not sticky and (found.st_mode & stat.S_IWOTH or not ours):
            return f"{place} can be written by others"
    return ""


def remove_unused(folder: Path) -> None:
    """Remove what nobody has loaded for a month."""
    now = time.time()
    with contextlib.suppress(OSError):
        for place in _digests(folder):
            if place.name != digest() and now - place.stat().st_mtime > UNUSED:
                remove_with_files(place)


def clear(folder: Path) -> int:
    """Remove all kernels; of how many installations.

    Raises:
        OSError: where one cannot be removed.
    """
    found = _digests(folder)
    for place in found:
        remove_with_files(place)
    return len(found)


def _place(folder: Path) -> Path:
    """Where in a folder the kernels of this installation lie, without links: whoever can change one changes nothing."""
    return Path(os.path.realpath(folder / digest()))


def _digests(folder: Path) -> list[Path]:
    """The folders of kernels in one that can be trusted."""
    folder = Path(os.path.realpath(folder))
    if not folder.is_dir() or distrusted(folder):
        return []
    found = [place for place in folder.iterdir() if re.fullmatch("[0-9a-f]{24}", place.name)]
    return [place for place in found if place.is_dir() and not place.is_symlink()]


def _own(group: int) -> bool:
    """Whether a group is this user's alone, as most systems give one to each: it has the user's name."""
    import grp
    import pwd

    try:
        found = grp.getgrgid(group)
        return found.gr_name == pwd.getpwuid(os.geteuid()).pw_name and set(found.gr_mem) <= {found.gr_name}
    except KeyError:
        return False


def _has_acl(place: Path) -> bool:
    """Whether others than owner and group have rights of their own: the group's, as shown, are then the most of all."""
    try:
        return "system.posix_acl_access" in os.listxattr(place)
    except (AttributeError, OSError):  # there are none here
        return False


def _make(folder: Path, for_everybody: bool = False) -> None:
    """Make a folder and those above it, which nobody else may write; all may read what is `for_everybody`."""
    for place in (*reversed(folder.parents), folder):
        with contextlib.suppress(FileExistsError):
            if not place.exists():
                place.mkdir(0o755)
                if for_everybody:
                    place.chmod(0o755)
    if not folder.is_dir():
        raise NotADirectoryError(20, os.strerror(20), os.fspath(folder))


def _used(place: Path) -> None:
    """Note, once a day, that the kernels here are used."""
    with contextlib.suppress(OSError):
        if time.time() - place.stat().st_mtime > DAY:
            os.utime(place)


def _whole(path: Path, name: str) -> bytes | None:
    """The code in a file that `keep` wrote, or None: LLVM ends the process when it is given anything else."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        ours = sys.platform == "win32" or (found.st_uid in (0, os.geteuid()) and not found.st_mode & stat.S_IWOTH)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST or not ours:
            return None
        with open(handle, "rb", closefd=False) as file:
            whole = file.read()
    finally:
        os.close(handle)
    fingerprint, code = whole[:FINGERPRINT], whole[FINGERPRINT:]
    return code if fingerprint == _fingerprint(name, code) and objects.defines(code, name) else None


def _fingerprint(name: str, code: bytes) -> bytes:
    """Of the code, which kernel it is of, and of which installation: a file may come to lie in the place of another."""
    return hashlib.blake2b(f"{digest()}\0{name}\0".encode() + code, digest_size=FINGERPRINT).digest()
