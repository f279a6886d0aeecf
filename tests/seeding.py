"""Kernels for a copy of the project: those that this one has compiled, where the copy's would be the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from hashlib import blake2b
from pathlib import Path

from tests.command import environment
from xonet.kernels import kept


def digest_of(root: Path) -> str:
    """What the copy at `root` calls its kernels' folder; an empty string where it cannot say."""
    program = "from xonet.kernels import kept; print(kept.digest())"
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=root, env=environment(PYTHONPATH=str(root)), capture_output=True, text=True, check=False
    ).stdout.strip()


def seed(digest: str, cache: Path, but: Collection[str] = (), source: Path | None = None) -> None:
    """Fill the copy's folder in `cache` from `source`, the user's own cache without it.

    `but` are the names of kernels, and of modules, that the copy compiles itself.
    """
    place = cache / digest
    place.mkdir(parents=True, exist_ok=True)
    for file in ((source or kept.user_folder()) / kept.digest()).glob("*.o"):
        name, code = file.stem, kept._whole(file, file.stem)
        if code is not None and not {name, name.rpartition(".")[0]} & set(but):
            mark = blake2b(f"{digest}\0{name}\0".encode() + code, digest_size=kept.FINGERPRINT)
            (place / file.name).write_bytes(mark.digest() + code)
