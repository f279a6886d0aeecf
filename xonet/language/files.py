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
        OSError: where it cannot be read, or is not a file at all: a folder, a device, a pipe that may never end.
    """
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
        if not stat.S_ISREG(mode):
            raise OSError(
                errno.EINVAL, "this is a device or a pipe, not a file; - reads standard input", os.fspath(path)
            )
        with open(handle, "rb", closefd=False) as file:
            return read_limited(file)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, os.fspath(path)) from None
    finally:
        os.close(handle)


def read_limited(file: BinaryIO) -> bytes:
    """What a stream gives, or as much as shows that it is too long."""
    return file.read(LONGEST + 1)
