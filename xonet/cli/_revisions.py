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
        raise NoRevision(f"{revision}: a revision cannot start with -")
    repository = _git(folder, "rev-parse", "--git-dir")
    if repository.returncode:
        # Not always because there is none: git also refuses one that belongs to someone else, as in a container.
        said = (repository.stderr.decode(errors="replace").splitlines() or ["git failed"])[0]
        raise NoRevision(f"{path}: {said.removeprefix('fatal: ')}; to compare two files, name both")
    commit = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit.returncode:
        raise NoRevision(f"{revision}: git knows no such revision")
    found = _git(folder, "cat-file", "blob", f"{commit.stdout.decode().strip()}:./{inside}")
    if found.returncode:
        raise NoRevision(f"{path}: not in {revision}")
    return found.stdout


def _existing(path: Path) -> tuple[Path, str]:
    """The deepest folder on the way to `path` that is there now, and the way on from it, as git writes it."""
    folder = path.parent
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder, path.relative_to(folder).as_posix()


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """What git says in `folder`."""
    try:
        return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    except FileNotFoundError:
        raise NoRevision("git is not installed; to compare two files, name both") from None
