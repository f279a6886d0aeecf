"""`validate --fix` and `--diff`: edits of the file, and of nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xonet.cli import main

WRONG = """\
# a network   \r
xonet: 1 # one\r
input: {height: 9, width: 9}\r
layers:\r
  - Conv2D: {'filters' : 4,   kernel: 3}  # three\r
  - relu:   # only what fits\r
  - dense: {units: 2.0}\r
output: {classes: [X, O]}"""
FIXED = (
    WRONG.replace("Conv2D", "conv2d")
    .replace("filters", "features")
    .replace("kernel:", "kernel_size:")
    .replace("relu:", "relu")
    .replace("2.0", "2")
)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["plain", "bom"])
def test_bytes_elsewhere_stay(tmp_path: Path, bom: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.yaml"
    path.write_bytes(bom + WRONG.encode())
    path.chmod(0o640)
    assert main(["validate", "--fix", str(path)]) == 0
    assert path.read_bytes() == bom + FIXED.encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.yaml"]
    said = capsys.readouterr()
    assert said.err.count("fixed[") == 5
    assert "0 error" not in said.out
    before = path.stat().st_mtime_ns, path.stat().st_ino
    assert main(["validate", "--fix", str(path)]) == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_what_is_left_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(WRONG.replace("units: 2.0", "units: 2, out_features: 2"))
    assert main(["validate", "--fix", str(path)]) == 1
    assert "foreign-word" in capsys.readouterr().out


def test_a_difference_is_shown_and_nothing_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.yaml"
    path.write_bytes(WRONG.encode())
    assert main(["validate", "--diff", str(path)]) == 1
    assert path.read_bytes() == WRONG.encode()
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("+  -")] == [
        "+" + line for line in FIXED.splitlines() if line.startswith("  -")
    ]
    path.write_bytes(FIXED.encode())
    assert main(["validate", "--diff", str(path)]) == 0


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "net.yaml", tmp_path / "link.yaml"
    path.write_bytes(WRONG.encode())
    link.symlink_to(path)
    assert main(["validate", "--fix", str(link)]) == 0
    assert link.is_symlink() and path.read_bytes() == FIXED.encode()


def test_a_file_that_changes_meanwhile_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.yaml"
    path.write_bytes(WRONG.encode())
    monkeypatch.setattr(os, "fsync", lambda handle: path.write_text("xonet: 1\n"))
    assert main(["validate", "--fix", str(path)]) == 2
    assert path.read_text() == "xonet: 1\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.yaml"]


@pytest.mark.parametrize("arguments", [["-"], ["net.yaml", "--set", "name=x"]])
def test_only_files_are_fixed(arguments: list[str]) -> None:
    assert main(["validate", "--fix", *arguments]) == 2
