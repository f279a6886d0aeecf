"""`xonet run`: what it trains, prints and leaves on disk."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.command import leftovers, xonet
from xonet.arrays import read_arrays
from xonet.cli import main
from xonet.model import Model

FILES = ["checkpoint.safetensors", "history.jsonl", "model.safetensors", "result.json"]


def result(out="runs/small"):
    return json.loads(Path(out, "result.json").read_text())


def history(out="runs/small"):
    return [json.loads(line) for line in Path(out, "history.jsonl").read_text().splitlines()]


def quick(*arguments, file="small.yaml"):
    return main(["run", file, "--set", "data.train.xo.count=100", "--set", "training.epochs=1", *arguments])


def test_what_it_prints_and_writes(folder):
    assert quick("--out", "elsewhere") == 0, "kernels are there now"
    run = xonet("run", "small.yaml", cwd=folder)
    assert run.returncode == 0
    test, weights = run.stdout.splitlines()
    assert test.startswith("test: loss 0.") and test.endswith("%  on 200 pictures")
    assert weights == "weights: runs/small/model.safetensors"
    assert [line.split("  ")[0] for line in run.stderr.splitlines()] == ["epoch 1/3", "epoch 2/3", "epoch 3/3"]
    assert "\x1b" not in run.stdout + run.stderr and "\r" not in run.stderr
    assert sorted(path.name for path in (folder / "runs/small").iterdir()) == FILES
    found = result()
    assert list(found) == [
        "name", "test", "epochs", "ended_by", "parameters", "macs", "seconds", "versions", "seed", "digest",
    ]  # fmt: skip
    assert (found["name"], found["epochs"], found["seed"]) == ("small", 3, 0)
    assert set(found["test"]) == {"accuracy", "loss"}
    # 3 × 3 weights of 5 features, scale, shift, mean and variance of each, and 3 × 3 × 5 values that vote twice
    assert found["parameters"] == 5 * 9 + 4 * 5 + (9 * 5 + 1) * 2
    assert found["macs"] == 7 * 7 * 9 * 5 + 45 * 2
    seconds = found["seconds"]
    assert list(seconds) == ["compile", "train", "total"]
    assert seconds["compile"] == 0 < seconds["train"] < seconds["total"]
    assert set(found["versions"]) == {"xonet", "python", "numpy", "numba"}
    rows = history()
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert list(rows[0]) == [
        "epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds",
    ]  # fmt: skip
    assert not leftovers(folder)


def test_starting_with_kernels_that_are_there_imports_no_numba(folder):
    assert quick() == 0
    run = xonet("run", "small.yaml", "--set", "training.epochs=1", cwd=folder, options=("-X", "importtime"))
    imported = {line.rsplit("|", 1)[1].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}
    assert "llvmlite.binding" in imported and "numba" not in imported and "rich" not in imported


def test_out(folder):
    assert quick("--out", "deep/elsewhere") == 0
    assert not Path("runs").exists() and result("deep/elsewhere")["epochs"] == 1


def test_set_and_seed_change_the_network(folder):
    digests = []
    for more in ([], [], ["--seed", "1"], ["--set", "training.seed=1"], ["--set", "layers.0.conv2d.features=6"]):
        assert quick(*more, "--out", "out", "--overwrite") == 0
        digests.append(result("out")["digest"])
    assert digests[0] == digests[1] and digests[2] == digests[3] and len(set(digests)) == 3


def test_a_wrong_seed_is_a_finding(folder, capsys):
    assert quick("--seed", "-1") == 1
    assert "--set:1:15" in capsys.readouterr().err and not Path("runs").exists()


def test_standard_input(folder, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(Path("small.yaml").read_bytes())))
    assert quick(file="-") == 0
    assert result()["name"] == "small"


def test_a_network_without_a_name_is_called_after_its_file(folder):
    Path("other.yaml").write_text(Path("small.yaml").read_text().replace("name: small\n", ""))
    assert quick(file="other.yaml") == 0
    assert result("runs/other")["name"] == "other"


def test_an_expectation_that_is_missed(folder, capsys):
    with open("small.yaml", "a") as file:
        file.write("expect: {accuracy: {min: 1.0}, loss: {max: 0.0001}}\n")
    assert quick() == 1
    err = capsys.readouterr().err
    assert "small.yaml:24:26: error[accuracy-missed]" in err and "error[loss-missed]" in err
    assert sorted(path.name for path in Path("runs/small").iterdir()) == FILES


def test_no_epochs_measures_the_weights_as_they_are(folder):
    assert quick("--set", "training.epochs=0", "--set", "data.validation.share=0.5") == 0
    assert result()["epochs"] == 0 and not Path("runs/small/history.jsonl").exists()
    assert result()["test"]["loss"] > 0


def test_a_file_without_data_says_so(folder, capsys):
    text = Path("small.yaml").read_text()
    Path("bare.yaml").write_text(text[: text.index("data:")])
    assert main(["run", "bare.yaml"]) == 1
    assert "error[missing-data]" in capsys.readouterr().err


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_loss_that_becomes_no_number(folder, engine):
    """Step by step larger: the first epoch is good, and a later one is not."""
    arguments = [
        "run", "small.yaml", "--engine", engine, "--set", "training.optimizer={sgd: {learning_rate: 1e6}}",
        "--set", "training.epochs=50", "--set", "data.train.xo.count=200", "--set", "layers.1=relu",
        "--set", "training.schedule={constant: {warmup_epochs: 40}}",
    ]  # fmt: skip
    run = xonet(*arguments, cwd=folder)
    assert run.returncode == 1 and run.stdout == ""
    *epochs, said, weights = (line for line in run.stderr.splitlines() if not line.startswith("compiling"))
    last = len(epochs)
    assert 0 < last == len(history()) and all(line.startswith("epoch ") for line in epochs)
    assert f"of epoch {last + 1}; " in said and said.startswith("xonet: the loss became NaN or inf ")
    assert weights == "weights: runs/small/model.safetensors" and not Path("runs/small/result.json").exists()
    kept = Model.load("runs/small/model.safetensors")
    good, _ = read_arrays("runs/small/checkpoint.safetensors", "checkpoint")
    for name, array in kept.parameters.items():
        assert np.isfinite(array).all() and (array == good[name]).all()


def test_a_model_file_stands_for_its_network(folder, capsys):
    assert quick("--out", "first") == 0
    digest = result("first")["digest"]
    assert main(["run", "first/model.safetensors", "--out", "second"]) == 0
    assert result("second")["digest"] == digest
    assert main(["run", "first/model.safetensors", "--seed", "9", "--out", "third"]) == 0
    assert result("third")["digest"] != digest
