"""The bytes of a network file, wherever a path may lead."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO

from xonet.language.limits import LONGEST


def read_file(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a network file; of one that is too long, as many as show that it is.

    Raises:
        OSError: where it cannot be read, or is no file at all: a folder, a device, a pipe that may never end.
    """
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "a device or pipe; - reads standard input"
            raise OSError(errno.EINVAL, f"this is no file, but {what}", os.fspath(path))
        return read_limited(file)


def read_limited(file: BinaryIO) -> bytes:
    """What a stream gives, or as much as shows that it is too long."""
    return file.read(LONGEST + 1)
