"""A file as git has it at a revision."""

from __future__ import annotations

import subprocess
from pathlib import Path

WORKING_TREE = "working tree"


class NoRevision(Exception):
    """The revision cannot be had: one line that says why."""


def contents(path: str, revision: str) -> bytes:
    """The bytes of the file `path` at `revision`.

    Neither can be an option to git: a revision becomes a hash first, and a path stands behind that.

    Raises:
        NoRevision: without git, outside a repository, where the revision is unknown, or the file is not in it.
    """
    folder, inside = _existing(Path(path))
    if revision.startswith("-"):
        raise NoRevision(f"{revision}: no revision begins with -")
    if _git(folder, "rev-parse", "--git-dir") is None:
        raise NoRevision(f"{path}: not in a git repository; to compare two files, name both")
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit is None:
        raise NoRevision(f"{revision}: git knows no such revision")
    found = _git(folder, "cat-file", "blob", f"{commit.decode().strip()}:./{inside}")
    if found is None:
        raise NoRevision(f"{path}: not in {revision}")
    return found


def _existing(path: Path) -> tuple[Path, str]:
    """The deepest folder on the way to `path` that is there now, and the way on from it, as git writes it."""
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder, path.relative_to(folder).as_posix()


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git says in `folder`; None where it fails."""
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError:
        raise NoRevision("git is not installed; to compare two files, name both") from None
    return done.stdout if done.returncode == 0 else None
