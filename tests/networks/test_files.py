"""Every network file of the project is valid, says what it is for, and is read by people first."""

from __future__ import annotations

from pathlib import Path

import pytest

from xonet.network import check

ROOT = Path(__file__).parents[2] / "networks"
FILES = sorted(ROOT.rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file(file):
    network, findings = check(file, sees_data=False)  # the data is not in the repository
    assert network is not None and not findings
    lines = file.read_text(encoding="utf-8").splitlines()
    schema = "../" * (len(file.relative_to(ROOT).parts)) + "schemas/network.schema.json"
    assert lines[0] == f"# yaml-language-server: $schema={schema}"
    assert network.document.name == file.stem and network.document.description
    assert max(map(len, lines)) <= 120
