"""What the verbs write, and what they leave alone."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import environment, leftovers
from xonet.cli import main


def without_room(*arguments: str, room: int) -> subprocess.CompletedProcess[str]:
    """The finished process, in which no file may grow beyond `room` bytes: a write that the system really refuses."""
    return subprocess.run(
        [sys.executable, *arguments], env=environment(), capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )  # fmt: skip


@pytest.mark.parametrize("other", ["net.yaml", "./net.yaml", "hard", "soft", "sub/../net.yaml"])
def test_the_output_file_is_none_of_the_checked(other: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "net.yaml").write_text("xonet: 1\n")
    (folder / "sub").mkdir()
    os.link("net.yaml", "hard")
    os.symlink("net.yaml", "soft")
    assert main(["validate", "net.yaml", "--output-file", other]) == 2
    assert main(["validate", ".", "--output-file", other]) == 2
    assert "is one of the files being checked" in capsys.readouterr().err
    assert (folder / "net.yaml").read_text() == "xonet: 1\n"


SAVE = """
import sys
import xonet
try:
    xonet.Model(xonet.load("small.yaml")).save("old")
except OSError as error:
    sys.exit(f"xonet: {error.filename}: {error.strerror}")
"""


@pytest.mark.parametrize("room", [0, 100])
@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("-m xonet schema --write old", "old"),
        ("-m xonet validate wrong.yaml --output-file old", "old"),
        ("-m xonet validate wrong.yaml --output-file old --output-format json", "old"),
        ("-m xonet validate wrong.yaml --fix", "wrong.yaml"),
        ("-m xonet validate soft.yaml --fix", "soft.yaml"),
        ("-m xonet new fresh", "fresh.yaml"),
        ("-m xonet schema --write fresh", "fresh"),
        ("save", "old"),
    ],
)
def test_a_full_disk_destroys_nothing(line: str, written: str, room: int, folder: Path) -> None:
    Path("old").write_text("old")
    Path("wrong.yaml").write_text(Path("small.yaml").read_text().replace("relu", "rleu"))
    os.symlink("wrong.yaml", "soft.yaml")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = without_room(*(["-c", SAVE] if line == "save" else line.split()), room=room)
    why = "cannot be written: File too large" if line == "save" else "File too large"
    assert (done.returncode, done.stderr) == (1 if line == "save" else 2, f"xonet: {written}: {why}\n")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("room", [0, 100, 3000])
@pytest.mark.parametrize("more", [[], ["--overwrite"]], ids=" ".join)
def test_a_run_on_a_full_disk_leaves_the_old_one(more: list[str], room: int, folder: Path) -> None:
    assert main(["run", "small.yaml"]) == 0
    before = {path: path.read_bytes() for path in Path("runs").rglob("*.*")}
    done = without_room("-m", "xonet", "run", "small.yaml", "--set", "training.epochs=2", *more, room=room)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith(
        "cannot be written: File too large; no checkpoint has been written yet"
    )
    assert {path: path.read_bytes() for path in before} == before and not leftovers(folder)
    assert main(["evaluate", "small.yaml", "--out", "runs/small"]) == 0


def test_a_file_that_is_not_there_is_all_that_is_said(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["validate", "nowhere"]) == 2
    assert capsys.readouterr() == ("", "xonet: nowhere: No such file or directory\n")
    (folder / "empty").mkdir()
    assert main(["validate", "empty"]) == 2
    assert capsys.readouterr().out == ""
    assert main(["validate", "nowhere", "small.yaml"]) == 2
    assert capsys.readouterr().out == "nothing wrong in 1 file\n"
