"""What docs/adding-a-layer.md says works: its files make two layers, and no other file is touched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.seeding import digest_of, seed

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/adding-a-layer.md").read_text(encoding="utf-8")


def test_the_layers_of_the_page_keep_to_the_contract(tmp_path):
    for name in ("xonet", "tests", "schemas", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in re.findall(r"<!-- file: ([^\n]*) -->\n```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    seed(digest_of(tmp_path), tmp_path / "cache")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XONET_CACHE_DIR": str(tmp_path / "cache")}
    commands = [line for text in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in text.splitlines()]
    for command in commands:
        arguments = command.removeprefix("python ").replace("pytest", "-m pytest -p no:cacheprovider").split()
        result = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stdout + result.stderr
        assert not command.startswith("pytest") or re.search(r"\b[2-9]\d passed", result.stdout), result.stdout
    for written in ("schemas/network.schema.json", "docs/language.md"):
        text = (tmp_path / written).read_text(encoding="utf-8")
        assert "clip" in text and "center" in text
