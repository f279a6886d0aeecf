"""What CONTRIBUTING.md says to write and to type works; and docs/one-row.md shows what its Python prints.

`XONET_WRITE=1 pytest tests/test_contributing.py` writes what is printed now into docs/one-row.md.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.seeding import digest_of, seed
from tests.test_imports import ORDER

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "CONTRIBUTING.md"
ROW = ROOT / "docs/one-row.md"
BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>\w+): (?P<value>[^\n]*) -->\n)?^(?P<fence>```+)(?P<kind>\w+)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
GENERATED = ("schemas/network.schema.json", "docs/language.md")


class Block(NamedTuple):
    """A fenced block, and the mark above it."""

    mark: str | None
    value: str
    kind: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [
        Block(match["mark"], match["value"], match["kind"], match["text"])
        for match in BLOCK.finditer(page.read_text(encoding="utf-8"))
    ]


FILES = {block.value: block.text for block in blocks(PAGE) if block.mark == "file"}
INTERPRETER = find_spec("xonet.interpreter") is not None
SKIPPED = {"skip", "step", *(() if INTERPRETER else ("interpreted",))}
COMMANDS = [
    line
    for block in blocks(PAGE)
    if block.kind == "sh" and block.mark not in SKIPPED
    for line in block.text.splitlines()
]


MULTIPLY_ADD = "vfmadd231ps"


def masked(text: str) -> str:
    """A text; of instructions only how many multiply-adds there are: releases of LLVM choose other registers."""
    count = text.count(MULTIPLY_ADD)
    return f"{count} multiply-adds" if count else text


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with the files of the page."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("xonet", "tests", "schemas", "docs", "networks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, text in FILES.items():
        path = folder / name
        assert not path.exists(), f"{name} is there by now: let the page add something else"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    seed(digest_of(folder), folder / "cache")
    return folder


def typed(line: str, folder: Path, said: str = "") -> subprocess.CompletedProcess[str]:
    python = f"'{sys.executable}' -m"
    line = re.sub(r"\bpytest -q", f"{python} pytest -p no:cacheprovider", line)
    line = re.sub(r"\bpython -m", python, line)
    line = re.sub(r"^xonet ", f"{python} xonet ", line)
    environment = {**os.environ, "PYTHONPATH": str(folder), "XONET_CACHE_DIR": str(folder / "cache")}
    return subprocess.run(
        line, shell=True, cwd=folder, env=environment, input=said,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip


@pytest.mark.slow
def test_what_is_added_keeps_to_the_contracts(copy):
    for command in dict.fromkeys(COMMANDS):
        done = typed(command, copy)
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        assert "pytest" not in command or re.search(r"\b[1-9]\d* passed", done.stdout), done.stdout
    for name in GENERATED:
        text = (copy / name).read_text(encoding="utf-8")
        assert all(word in text for word in ("adamax", "log_cosh", "shades")), name
    (shown,) = (block.text for block in blocks(PAGE) if block.kind == "text")
    rendered = (copy / "tests/wrong/rendered/even_kernel.txt").read_text(encoding="utf-8")
    assert shown == rendered.replace("even_kernel.yaml", "wrong.yaml", 1)


def test_what_is_added_is_formatted_as_all_else(copy):
    pytest.importorskip("ruff", reason="ruff is in the extra `dev`")
    names = " ".join(name for name in FILES if name.endswith(".py"))
    for command in (f"python -m ruff check {names}", f"python -m ruff format --check {names}"):
        done = typed(command, copy)
        assert done.returncode == 0, f"{command}\n{done.stdout}"


@pytest.mark.skipif(not INTERPRETER, reason="kernels cannot be interpreted yet")
def test_a_kernel_is_stopped_in(copy):
    (block,) = (block for block in blocks(PAGE) if block.mark == "step")
    done = typed(block.text.strip(), copy, said=f"{block.value}\nq\n")
    stopped = done.stdout.partition("optimizers/sgd/native.py(18)step()\n-> velocity = ")[2]
    assert re.search(r"\(Pdb\) \(.*0\.05.*, array\(\[", stopped), done.stdout


def test_the_one_command_is_the_one():
    command = next(block.text for block in blocks(PAGE) if block.kind == "sh" and "pytest" in block.text)
    assert all(command in (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", ".ci/run"))


@pytest.mark.skipif(platform.machine() != "x86_64", reason="shows the instructions of an x86-64 processor")
def test_a_row_from_yaml_to_machine_code():
    shown = blocks(ROW)
    python = [block.text for block in shown if block.kind == "python"]
    expected = [block.text for block in shown if block.kind == "text"]
    end = "-- end of a block --"
    program = f"\nprint({end!r})\n".join(python)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_CPU_NAME": "skylake-avx512", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split(f"{end}\n")
    if os.environ.get("XONET_WRITE"):
        answers = iter(printed)
        text = BLOCK.sub(
            lambda block: f"```text\n{next(answers)}```" if block["kind"] == "text" else block[0],
            ROW.read_text(encoding="utf-8"),
        )
        ROW.write_text(text, encoding="utf-8")
    assert [masked(text) for text in printed] == [masked(text) for text in expected]


@pytest.mark.parametrize("name", ["how-it-works.md", "how-it-works.svg", "one-row.md"])
def test_the_files_that_are_named_are_there(name):
    """Folders and modules in backticks, or in the picture; in docs/ they are named from xonet/ on."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = re.findall(r"[`>]((?:\w+/)+(?:\w+\.py)?)(?::(\w+))?[`<]", text)
    assert named
    for path, function in named:
        found = [top / path for top in (ROOT, ROOT / "xonet") if (top / path).exists()]
        assert found, path
        assert not function or f"def {function}(" in found[0].read_text(encoding="utf-8"), f"{path}:{function}"


def test_the_stages_are_in_their_order():
    """The line of docs/how-it-works.md has every folder, and model.py."""
    (line,) = re.findall(
        r"^```\n(diagnostics .*)\n```$", (ROOT / "docs/how-it-works.md").read_text(encoding="utf-8"), re.M
    )
    package = ROOT / "xonet"
    assert line.removesuffix("\n").replace(".py", "").split() == [
        stage for stage in ORDER if (package / stage / "__init__.py").exists() or stage == "model"
    ]
