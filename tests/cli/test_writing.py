"""What the verbs write, and what they leave alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xonet.cli import main
from xonet.cli.new import TEMPLATE


def full(handle: int) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("other", ["net.yaml", "./net.yaml", "hard", "soft", "sub/../net.yaml"])
def test_the_output_file_is_none_of_the_checked(other: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "net.yaml").write_text("xonet: 1\n")
    (folder / "sub").mkdir()
    os.link("net.yaml", "hard")
    os.symlink("net.yaml", "soft")
    assert main(["validate", "net.yaml", "--output-file", other]) == 2
    assert main(["validate", ".", "--output-file", other]) == 2
    assert "is a file that is checked" in capsys.readouterr().err
    assert (folder / "net.yaml").read_text() == "xonet: 1\n"


def test_a_full_disk_destroys_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("old").write_text("old")
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        assert main(["schema", "--write", "old"]) == 2
        assert main(["validate", "small.yaml", "--output-file", "old"]) == 2
        assert main(["new", "fresh"]) == 2
    assert Path("old").read_text() == "old" and not Path("fresh.yaml").exists()
    assert capsys.readouterr().err.count("No space left on device") == 3
    assert main(["new", "fresh"]) == 0
    assert Path("fresh.yaml").read_text() == TEMPLATE.format(name="fresh")


def test_a_file_that_is_not_there_is_all_that_is_said(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["validate", "nowhere"]) == 2
    assert capsys.readouterr() == ("", "xonet: nowhere: No such file or directory\n")
    (folder / "empty").mkdir()
    assert main(["validate", "empty"]) == 2
    assert capsys.readouterr().out == ""
    assert main(["validate", "nowhere", "small.yaml"]) == 2
    assert capsys.readouterr().out == "nothing wrong in 1 file\n"
