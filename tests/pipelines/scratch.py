"""A scratch repository, an environment in which git and xonet work there, and the hook as it is declared."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]

GOOD = (
    "xonet: 1\ninput: {height: 9, width: 9}\nlayers: [{dense: {units: 2}}]\n"
    "output: {classes: [X, O]}\ndata: {pictures: {xo: {count: 1}}}\n"
)
WRONG = GOOD.replace("dense", "dens")


def environment(folder: Path) -> dict[str, str]:
    """With a `xonet` on the path that is this checkout, and nothing of the user's own git and pre-commit."""
    commands = folder / "commands"
    commands.mkdir()
    write_command(commands / "xonet")
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PYTHONPATH"))},
        "PATH": os.pathsep.join([str(commands), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "PRE_COMMIT_COLOR": "never",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
    }


def write_command(path: Path) -> None:
    """A command `xonet` at `path`: this checkout, with this Python."""
    python = shlex.quote(sys.executable)
    path.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {python} -m xonet "$@"\n')
    path.chmod(0o755)


def execute(command: list[str] | str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a command says on both streams; a text is given to bash."""
    return subprocess.run(
        command if isinstance(command, list) else ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8",
    )  # fmt: skip


def repository(folder: Path, environment: dict[str, str]) -> Path:
    """An empty repository below `folder`."""
    made = folder / "repository"
    (made / "networks").mkdir(parents=True)
    assert execute(["git", "init", "-q", "-b", "main"], made, environment).returncode == 0
    return made


def checkout(folder: Path) -> Path:
    """A copy of this checkout's files below `folder`, what a user would clone."""
    copy = folder / "xonet"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


def hook() -> dict[str, Any]:
    """What .pre-commit-hooks.yaml says of the one hook."""
    (declared,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return dict(declared)


def local_configuration() -> str:
    """The hook as it is declared, but for its environment: it uses the `xonet` on the path."""
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": [{**hook(), "language": "system"}]}]})
