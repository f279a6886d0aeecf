"""`xonet schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xonet.cli import main
from xonet.network.schema import FILE, for_editors


def test_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == for_editors()


def test_a_file_is_written_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "network.schema.json"
    assert main(["schema", "--write", str(path)]) == 0
    assert path.read_bytes() == FILE.read_bytes()
    assert main(["schema", "--check", str(path)]) == 0
    path.write_text("{}")
    assert main(["schema", "--check", str(path)]) == 1
    assert f"run xonet schema --write {path}" in capsys.readouterr().err
    assert main(["schema", "--check", str(tmp_path / "none.json")]) == 2


def test_the_one_of_the_repository_is_up_to_date() -> None:
    assert main(["schema", "--check"]) == 0
