"""What README.md says to type does what it says: its commands and its Python run, in order, in one folder."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"((?:^<!-- \w+: [^\n]* -->\n)*)^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- (\w+): (.*) -->")
NOT_HERE = ("python3 -m venv", ". .venv/", "pip install", "pytest")
"""Parts of a command that install, or are this very test run: `.ci/run` has them word for word."""


@dataclass
class Block:
    """A fenced block: its kind, its text, the marks above it, and the output shown below it."""

    line: int
    kind: str
    text: str
    marks: dict[str, str]
    shown: str = ""


def blocks() -> list[Block]:
    """All that run, each with what is shown as its output."""
    found: list[Block] = []
    for match in BLOCK.finditer(README):
        marks, kind, text = match.groups()
        if kind == "text":
            found[-1].shown = text
        else:
            line = README.count("\n", 0, match.start()) + 1
            found.append(Block(line, kind, text, dict(MARK.findall(marks))))
    return found


def typed(command: str) -> str:
    """What of a command runs here, with this Python."""
    parts = [part for part in command.split(" && ") if not part.startswith(NOT_HERE)]
    python = shlex.quote(sys.executable)
    return " && ".join(re.sub(r"^(xonet|python -m xonet) ", f"{python} -m xonet ", part) for part in parts)


def execute(command: list[str] | str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, shell=isinstance(command, str),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip


MEASURED = re.compile(r"(?<=loss )[\d.]+|[\d.]+(?= (?:%|s)(?!\w))|(?<= %, )[^()]*(?=\)$)")
"""Losses, percentages, seconds, second bests: these differ from one processor to the next, and nothing else may."""


def masked(line: str) -> str:
    """A line without what is measured in it, and with single spaces."""
    return MEASURED.sub("0", re.sub(r"\s+", " ", line.strip()))


def test_blocks(tmp_path):
    """In one folder, as a reader types them: the repository's networks are there."""
    shutil.copytree(ROOT / "networks", tmp_path / "networks")
    for block in blocks():
        if "skip" not in block.marks:
            try_out(block, tmp_path)


def try_out(block: Block, folder: Path) -> None:
    where = f"README.md, line {block.line}"
    if block.kind == "yaml":
        name = block.marks["file"]
        (folder / name).write_text(block.text, encoding="utf-8")
        result = execute([sys.executable, "-m", "xonet", "validate", name], folder)
        assert result.returncode == name.startswith("wrong"), f"{where}: {result.stdout}"
        return
    if block.kind == "python":
        result = execute([sys.executable, "-W", "error", "-c", block.text], folder)
        assert result.returncode == 0, f"{where}: {result.stdout}"
        return
    commands = [command for line in block.text.splitlines() if (command := typed(line))]
    if not commands:
        return  # it installs, and runs the tests
    said = ""
    for command in commands:
        result = execute(command, folder)
        assert result.returncode == int(block.marks.get("status", 0)), f"{where}: {command}\n{result.stdout}"
        said += result.stdout
    lines = iter([masked(line) for line in said.splitlines()])
    shown = [line for line in block.shown.splitlines() if line != "…" and not line.startswith("compiling ")]
    # looking for a line uses up those before it, so the order counts, too
    assert [line for line in shown if masked(line) not in lines] == [], f"{where}: {said}"


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_what_is_compared():
    assert masked("epoch  1/10  loss 0.0797  accuracy 96.72 %  4.81 s") == "epoch 1/10 loss 0 accuracy 0 % 0 s"
    assert masked("layers.2 max_pool2d: 4 × 4 × 3") == "layers.2 max_pool2d: 4 × 4 × 3"
    assert masked("  0.77 0.33 1.00") == "0.77 0.33 1.00"


def test_ci_does_what_the_readme_says():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    install_and_train, install_and_test = (block.text.strip() for block in blocks() if "pip install" in block.text)
    assert install_and_test in script
    assert install_and_train.split(" && ")[-1] in script
