"""Every code has a page whose examples are true, and a wrong file."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import xonet
from tests.diagnostics.codes import codes_in_source
from tests.diagnostics.examples import found
from tests.test_wrong import FILES, codes_of
from xonet.cli import main
from xonet.diagnostics.codes import codes, read_page


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders, lists and files of small pictures, no two of them alike."""
    root = tmp_path_factory.mktemp("examples")
    numbers = np.random.default_rng(0)
    folders = {"letters": "XO", "more_letters": "XOQ", "one_class": "X", "other_letters": "XO", "nested": "XO"}
    places = [f"{name}/{label}" for name, labels in folders.items() for label in labels]
    for place in [*places, "nested/O/day2"]:
        (root / place).mkdir(parents=True)
        for number in range(20):
            pixels = numbers.integers(0, 256, (9, 9), np.uint8)
            Image.fromarray(pixels).save(root / place / f"{number}.png")
    (root / "letters.csv").write_text("".join(f"letters/{c}/{n}.png,{c}\n" for c in "XO" for n in range(20)))
    (root / "all_of_x.csv").write_text("".join(f"other_letters/X/{n}.png,X\n" for n in range(20)))
    (root / "three_columns.csv").write_text("letters/X/0.png,X,me\n")
    shutil.copytree(Path(__file__).parents[1] / "wrong/idx", root / "idx")
    ten = xonet.loads("xonet: 1\ninput: {height: 9, width: 9}\nlayers: [dense: {units: 10}]\n")
    xonet.Model(ten).save(root / "digits.safetensors")
    return root


def test_every_code_has_a_page() -> None:
    missing = {code: file for code, file in codes_in_source().items() if code not in codes()}
    assert not missing, "write xonet/diagnostics/codes/<code>.md"


def test_every_page_has_a_code() -> None:
    assert set(codes()) <= set(codes_in_source())


def cannot_be_shown(code: str) -> bool:
    """Whether no file of the corpus shows it: `run` finds it, or it is in what a test makes: large files, links."""
    return any(words in read_page(code).found for words in ("xonet run", "too large to be shown", "at the link"))


def test_every_code_has_a_wrong_file() -> None:
    shown = {code for file in FILES for code in codes_of(file)}
    missing = [code for code in codes() if code not in shown and not cannot_be_shown(code)]
    assert not missing, "write tests/wrong/<what is wrong>.yaml"


@pytest.mark.parametrize("code", codes())
def test_a_page(code: str, folder: Path) -> None:
    page = read_page(code)
    assert page.text.startswith(f"# {code}: ") and page.title and page.meaning and "## Why it matters\n\n" in page.text
    assert page.found.startswith(("An error", "A warning"))
    wrong, right = page.example("Wrong"), page.example("Right")
    if cannot_be_shown(code):
        assert wrong is right is None
        return
    assert wrong and right
    assert {(finding.code, finding.severity) for finding in found(wrong, folder)} == {(code, page.severity)}
    assert found(right, folder) == []


def test_explain_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain-code", "empty-output"]) == 0
    assert capsys.readouterr().out == read_page("empty-output").text
    assert main(["explain-code"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(codes())
    assert main(["explain-code", "empty-outputs"]) == 2
    assert "did you mean empty-output?" in capsys.readouterr().err
