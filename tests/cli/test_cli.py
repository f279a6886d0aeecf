"""The command line: verbs, exit status, streams, and what is imported."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xonet.cli import main

GOOD = "xonet: 1\ninput: {height: 9, width: 9}\nlayers: [{dense: {units: 2}}]\ndata: {pictures: {xo: {count: 1}}}\n"
GOOD += "output: {classes: [X, O]}\n"
WRONG = GOOD.replace("dense", "dens")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("good.yaml").write_text(GOOD)
    Path("wrong.yml").write_text(WRONG)
    return tmp_path


def test_validate_a_good_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "good.yaml"]) == 0
    assert capsys.readouterr() == ("nothing wrong in 1 file\n", "")
    assert main(["validate", "--quiet", "good.yaml"]) == 0
    assert capsys.readouterr().out == ""


def test_validate_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "two.yaml").write_text(WRONG)
    (folder / "notes.txt").write_text("no network")
    assert main(["validate", "."]) == 1
    assert capsys.readouterr().out == (
        "deep/two.yaml:3:11: error[unknown-layer] there is no layer dens\n"
        "    3 | layers: [{dens: {units: 2}}]\n"
        "      |           ^^^^\n"
        "      = help: did you mean dense?\n"
        "\n"
        "wrong.yml:3:11: error[unknown-layer] there is no layer dens\n"
        "    3 | layers: [{dens: {units: 2}}]\n"
        "      |           ^^^^\n"
        "      = help: did you mean dense?\n"
        "\n"
        "2 errors in 3 files\n"
    )


def test_a_folder_without_networks_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    assert main(["validate", "empty", "good.yaml"]) == 2
    assert capsys.readouterr().err == "xonet: empty: there is no .yaml or .yml file in this folder\n"


def test_validate_standard_input(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode())))
    assert main(["validate", "-"]) == 1
    assert capsys.readouterr().out.startswith("<stdin>:3:11: error[unknown-layer]")


def test_a_file_that_is_not_there_keeps_others_from_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "none.yaml", "wrong.yml"]) == 2
    out, err = capsys.readouterr()
    assert err == "xonet: none.yaml: No such file or directory\n"
    assert "1 error in 1 file" in out


def test_color(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "wrong.yml"])
    assert "\x1b" not in capsys.readouterr().out
    main(["validate", "wrong.yml", "--color", "always"])
    assert "\x1b" in capsys.readouterr().out


def test_findings_of_other_verbs_go_to_standard_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "wrong.yml"]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "did you mean dense?" in err
    assert main(["summary", "none.yaml"]) == 2
    assert capsys.readouterr().err == "xonet: none.yaml: No such file or directory\n"


def test_summary(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["summary", "good.yaml", "--set", "layers.0.dense.bias=false"]) == 0
    out = capsys.readouterr().out
    assert "layers.0" in out and "dense" in out and "162" in out
    assert main(["summary", "good.yaml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == [
        "layers",
        "parameters",
        "learned",
        "kept",
        "macs",
        "flops",
        "memory_bytes",
        "peak_bytes",
        "in_groups_only",
    ]
    assert (found["parameters"], found["macs"], found["memory_bytes"]) == (164, 162, 4 * (81 + 2 + 164))
    assert found["layers"][0]["output_shape"] == [2] and found["layers"][0]["layer"] == "dense"


def test_summary_tells_what_cannot_run_on_a_single_picture(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = [
        {"conv2d": {"features": 4, "kernel_size": 3}},
        {"conv2d": {"features": 4, "kernel_size": 3, "groups": 2}},
        "relu",
        {"depthwise_conv2d": {"kernel_size": 1, "multiplier": 2}},
    ]
    told = "one picture takes as long as sixteen"
    for count, end in ((1, None), (3, ": layers.1 (conv2d) cannot"), (4, ": layers.1 (conv2d) and 1 more cannot")):
        (folder / "net.yaml").write_text(
            json.dumps({"xonet": 1, "input": {"height": 9, "width": 9}, "layers": layers[:count]})
        )
        assert main(["summary", "net.yaml"]) == 0
        out = capsys.readouterr().out
        assert f"{told}{end} run on a single picture" in out if end else told not in out
        assert main(["summary", "net.yaml", "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)["in_groups_only"]) == max(0, count - 2)


def test_layers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layers"]) == 0
    assert "conv2d" in capsys.readouterr().out
    assert main(["layers", "max_pool2d"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("- max_pool2d: {window: 2}\n") and "ceil (default false)" in out
    assert main(["layers", "maxpool"]) == 2
    assert "it is called max_pool2d here" in capsys.readouterr().err


def test_new_writes_a_valid_file_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "first"]) == 0
    assert main(["validate", "first.yaml"]) == 0
    text = Path("first.yaml").read_text()
    assert main(["new", "first"]) == 2
    assert Path("first.yaml").read_text() == text
    assert main(["new", "no good"]) == 2
    assert main(["new", "nowhere/first"]) == 2
    assert "nowhere/first.yaml: No such file or directory" in capsys.readouterr().err


def test_usage(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["fly"], ["validate"]):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 2
    assert main(["new", "x/..yaml"]) == 2


def test_interrupted(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xonet.network.load", interrupt)
    assert main(["summary", "good.yaml"]) == 130
    assert capsys.readouterr().err == "xonet: interrupted\n"


def test_data_that_cannot_be_read_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from xonet.data import DataError

    def fail(*_: object) -> None:
        raise DataError("a.png: no picture")

    monkeypatch.setattr("xonet.network.load", fail)
    assert main(["summary", "good.yaml"]) == 2
    assert capsys.readouterr().err == "xonet: a.png: no picture\n"


def imported(*arguments: str, cwd: Path) -> set[str]:
    """What a run of the command imports."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "xonet", *arguments],
        capture_output=True, text=True, cwd=cwd, env=environment, check=True,
    )  # fmt: skip
    return {line.rsplit("|", 1)[1].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}


def test_help_imports_nothing_heavy(folder: Path) -> None:
    assert not imported("--help", cwd=folder) & {"numpy", "yaml", "jsonschema", "numba", "rich", "xonet.layers"}


def test_validate_imports_no_numbers(folder: Path) -> None:
    assert not imported("validate", "good.yaml", cwd=folder) & {"numpy", "numba", "PIL", "rich", "safetensors"}


def test_a_reader_that_goes_away_is_no_traceback(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = f"{sys.executable} -m xonet layers | true"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=environment, check=False)
    assert run.stderr == ""
