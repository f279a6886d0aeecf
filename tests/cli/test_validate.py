"""`xonet validate`: which findings count, how they are written, and the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.diagnostics.examples import BASE
from xonet.cli import main
from xonet.diagnostics._formats import formats

WARNED = BASE.replace("  - relu\n", "  - relu\n  - relu\n")
WRONG = WARNED.replace("name: example\n", "").replace("units: 2", "units: 3")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("good", BASE), ("warned", WARNED), ("wrong", WRONG)):
        Path(f"{name}.yaml").write_text(text)
    return tmp_path


def codes(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    status = main(["validate", "--output-format", "json", *arguments])
    return status, [finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]]


def test_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert codes(capsys, "warned.yaml") == (0, ["activation-twice"])
    assert codes(capsys, "warned.yaml", "--warnings-as-errors") == (1, ["activation-twice"])
    assert codes(capsys, "warned.yaml", "--warnings-as-errors", "--exit-zero") == (0, ["activation-twice"])
    assert codes(capsys, "wrong.yaml") == (1, ["activation-twice", "class-count"])
    assert codes(capsys, "wrong.yaml", "--exit-zero") == (0, ["activation-twice", "class-count"])
    assert codes(capsys, "wrong.yaml", "none.yaml", "--exit-zero")[0] == 2


def test_select_and_ignore(capsys: pytest.CaptureFixture[str]) -> None:
    assert codes(capsys, "wrong.yaml", "--select", "class-count,empty-output") == (1, ["class-count"])
    assert codes(capsys, "wrong.yaml", "--select", "class-count", "--select", "activation-twice")[1][1:]
    assert codes(capsys, "wrong.yaml", "--ignore", "class-count") == (0, ["activation-twice"])
    assert codes(capsys, "wrong.yaml", "--select", "class-count", "--ignore", "class-count") == (0, [])
    with pytest.raises(SystemExit) as left:
        main(["validate", "wrong.yaml", "--ignore", "classcount"])
    assert left.value.code == 2
    assert "there is no code classcount: did you mean class-count?" in capsys.readouterr().err


def test_no_data_and_data_root(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    Path("far.yaml").write_text(BASE.replace("{xo: {count: 1000}}", "{images: {folder: letters}}"))
    assert codes(capsys, "far.yaml") == (1, ["missing-path"])
    assert codes(capsys, "far.yaml", "--no-data") == (0, [])
    for label in "XO":
        (folder / "elsewhere" / "letters" / label).mkdir(parents=True)
        Image.new("L", (9, 9), 100 + ord(label)).save(folder / "elsewhere" / "letters" / label / "1.png")
    assert codes(capsys, "far.yaml", "--data-root", "elsewhere") == (0, [])


def test_output_file(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "report.txt").write_text("older")
    assert main(["validate", "wrong.yaml", "--output-file", "report.txt", "--color", "always"]) == 1
    assert capsys.readouterr() == ("", "1 error and 1 warning in 1 file\n")
    text = Path("report.txt").read_text()
    assert "class-count" in text and "\x1b" not in text and "older" not in text
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".yaml") == ["report.txt"]
    assert main(["validate", "good.yaml", "--output-file", "report.txt", "--quiet"]) == 0
    assert Path("report.txt").read_text() == "" and capsys.readouterr().err == ""
    assert main(["validate", "good.yaml", "--output-file", "none/report.txt"]) == 2
    assert "xonet: none/report.txt: No such file or directory" in capsys.readouterr().err
    assert main(["validate", "good.yaml", "--output-file", "."]) == 2


def test_output_to_a_stream(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "xonet", "validate", "wrong.yaml", "--output-file", "/dev/stdout"]
    run = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert run.returncode == 1 and "class-count" in run.stdout


@pytest.mark.parametrize("format", formats())
def test_names_and_terminals_of_any_encoding(folder: Path, format: str) -> None:
    name = os.fsdecode(b"we\xffird\n.yaml")
    Path(name).write_text(WRONG.replace("name", "näme"), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "xonet", "validate", name, "good.yaml", "--output-format", format]
    run = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert (run.returncode, run.stderr) == (1, b"")
    assert main([*command[3:], "--output-file", "report"]) == 1
    assert b"class-count" in Path("report").read_bytes()


def test_a_run_hears_no_lints(folder: Path) -> None:
    """Training starts no later and refuses no more for what `validate` warns of."""
    import xonet

    assert xonet.load("warned.yaml").warnings == []
    Path("far.yaml").write_text(BASE.replace("{xo: {count: 1000}}", "{images: {folder: letters}}"))
    assert xonet.load("far.yaml").warnings == []


def test_lints_import_neither_numpy_nor_pillow(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    program = "import sys; from xonet.cli import main; main(['validate', 'warned.yaml', 'far.yaml', '--quiet']);"
    program += "print(*sorted({'numpy', 'numba', 'PIL', 'rich'} & set(sys.modules)))"
    Path("far.yaml").write_text(BASE.replace("{xo: {count: 1000}}", "{images: {list: warned.yaml}}"))
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    assert run.stdout.splitlines()[-1] == ""
