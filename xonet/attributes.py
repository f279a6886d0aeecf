"""What a file keeps when it is written again: owner, group, permissions and extended attributes."""

from __future__ import annotations

import errno
import os
import stat


def take_after(old: int, beside: int) -> None:
    """Give the open file beside all that the other is but for its content.

    Raises:
        OSError: where that cannot be.
    """
    was, new = os.fstat(old), os.fstat(beside)
    if not was.st_mode & 0o222:  # for root, every file can be written
        raise PermissionError(errno.EACCES, "it is read-only")
    if was.st_nlink > 1:
        raise OSError(errno.EMLINK, "it has several names (hard links), and only this one would change")
    if (was.st_uid, was.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.fchown(beside, was.st_uid, was.st_gid)
        except OSError:
            raise PermissionError(errno.EPERM, "it belongs to another user or group, and would not any more") from None
    for name in _attributes(old):  # access control lists among them
        value = os.getxattr(old, name)
        if name not in _attributes(beside) or os.getxattr(beside, name) != value:
            os.setxattr(beside, name, value)
    if hasattr(os, "fchmod"):
        os.fchmod(beside, stat.S_IMODE(was.st_mode))


def _attributes(handle: int) -> list[str]:
    """The names of a file's extended attributes; none where they are unknown."""
    try:
        return os.listxattr(handle) if hasattr(os, "listxattr") else []
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return []
        raise
