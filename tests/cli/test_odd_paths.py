"""Whatever a path leads to, a verb says one line about it and ends with status 2: no traceback, and no waiting."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from xonet.cli import main

PLACES = {
    "nothing": "No such file|no such",
    "": "No such file|no such",
    "dangling": "No such file|no such",
    "loop": "Too many levels of symbolic links",
    "pipe": "pipe",
    "folder": "Is a directory|folder",
    "/dev/zero": "device",
    "/proc/self/mem": "Input/output error",
    "a" * 300: "too long|no such",
    "small.yaml/inside": "Not a directory|no such",
}

READS = (
    "validate {}",
    "run {}",
    "evaluate {}",
    "summary {}",
    "bench {}",
    "diff small.yaml {}",
    "predict {} white.png",
    "predict small.yaml {}",
    "schema --check {}",
)


@pytest.fixture
def places(folder: Path) -> Iterator[Path]:
    """The working folder, with each of the places by its name, and of each kind of file."""
    for end in ("", ".yaml", ".safetensors", ".png"):
        os.symlink("gone", f"dangling{end}")
        os.symlink(f"loop{end}", f"loop{end}")
        os.mkfifo(f"pipe{end}")
        os.mkdir(f"folder{end}")
    main(["run", "small.yaml", "--set", "training.epochs=1"])

    def too_long(*_: object) -> None:
        raise AssertionError("it waits for what never comes")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(30)
    yield folder
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("line", READS)
def test_what_is_read(line: str, places: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place, words in PLACES.items():
        named = place and place.isalpha()
        for path in [place, *([f"{place}.yaml", f"{place}.safetensors", f"{place}.png"] if named else [])]:
            capsys.readouterr()
            status = main([part.format(path) for part in line.split(" ")])
            out, err = capsys.readouterr()
            said = [text for text in err.splitlines() if not text.startswith("note: ")]
            assert (status, out, len(said)) == (2, "", 1), (path, err)
            assert any(word in said[0] for word in words.split("|")) or "cut short" in said[0], (path, said)


@pytest.mark.parametrize("name", ["", "/", ".", "..", "a/..", "small", "dangling", "pipe", "nothing/x", "a" * 300])
def test_what_is_new(name: str, places: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    before = sorted(places.rglob("*"))
    assert main(["new", name]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1) and err.startswith("xonet: ")
    assert sorted(places.rglob("*")) == before
