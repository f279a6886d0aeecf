"""`xonet evaluate`: the run's own score, again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from xonet.arrays import read_arrays, write_arrays
from xonet.cli import main
from xonet.training.metrics import Meter


@pytest.fixture
def trained(folder, capsys):
    assert main(["run", "small.yaml", "--seed", "4"]) == 0
    capsys.readouterr()
    return folder


def evaluate(capsys, *arguments, status=0):
    assert main(["evaluate", *arguments]) == status
    return capsys.readouterr()


def score():
    return json.loads(Path("runs/small/result.json").read_text())["test"]


def test_json(trained, capsys):
    found = json.loads(evaluate(capsys, "small.yaml", "--json").out)
    assert list(found) == ["loss", "accuracy", "pictures", "confusion", "classes", "right"]
    assert {"loss": found["loss"], "accuracy": found["accuracy"]} == score()
    (a, b), (c, d) = found["confusion"]
    assert found["pictures"] == a + b + c + d == 200 and (a + d) / 200 == found["accuracy"]


def test_text(trained, capsys):
    test, caption, head, *rows = evaluate(capsys, "small.yaml").out.splitlines()
    assert test.startswith(f"test: loss {score()['loss']:.4f}  accuracy ") and test.endswith("on 200 pictures")
    assert caption.endswith(":") and head.split() == ["X", "O", "right"]
    assert [row.split()[0] for row in rows] == ["X", "O"] and {len(row) for row in rows} == {len(head)}


def test_a_share_is_the_share_of_the_training(folder, capsys):
    """Drawn by the seed it was trained with, so that no picture it learned from is among them."""
    share = ["--set", "data.test={share: 0.3}"]
    assert main(["run", "small.yaml", *share, "--seed", "4"]) == 0
    capsys.readouterr()
    found = json.loads(evaluate(capsys, "small.yaml", "--output-format", "json").out)
    assert (
        160 < found["pictures"] < 200 and found["accuracy"] == score()["accuracy"] and found["loss"] == score()["loss"]
    )


def test_other_test_data(trained, capsys):
    for file in ("small.yaml", "runs/small/model.safetensors"):
        found = json.loads(evaluate(capsys, file, "--json", "--set", "data.test.xo.count=50").out)
        assert found["pictures"] == 50


def test_an_expectation_that_is_missed(trained, capsys):
    out, err = evaluate(capsys, "small.yaml", "--set", "expect={loss: {max: 0.0001}}", status=1)
    assert out.startswith("test: ") and "error[loss-missed]" in err


def test_no_test_data(trained, capsys):
    text = Path("small.yaml").read_text()
    Path("small.yaml").write_text("".join(line for line in text.splitlines(True) if not line.startswith("  test:")))
    assert main(["run", "small.yaml"]) == 0
    assert json.loads(Path("runs/small-2/result.json").read_text())["test"] == {}
    capsys.readouterr()
    assert evaluate(capsys, "small.yaml", status=2).err == (
        "note: runs/small-2/model.safetensors is used; there are also results in runs/small/\n"
        "xonet: small.yaml: data.test is needed for evaluation, but it is missing\n"
    )


def test_pictures_that_came_to_a_folder_are_told(folder, capsys):
    from PIL import Image

    for number, name in enumerate("XO"):
        Path("letters", name).mkdir(parents=True)
        for shade in range(20):
            Image.new("L", (9, 9), 12 * shade + number).save(Path("letters", name, f"{shade}.png"))
    settings = ["--set", "data.train={images: {folder: letters}}", "--set", "data.test={share: 0.25}"]
    assert main(["run", "small.yaml", *settings]) == 0
    capsys.readouterr()
    assert "data: " not in evaluate(capsys, "small.yaml", *settings).err
    for shade in range(20):
        Image.new("L", (9, 9), 12 * shade + 2).save(Path("letters/X", f"new{shade}.png"))
    said = evaluate(capsys, "small.yaml", *settings).err
    assert "note: train data: " in said
    line = next(line for line in said.splitlines() if line.startswith("note: test data: "))
    assert "was 11 when trained: pictures that were trained on may be among them" in line


def broken_model(**changes):
    """A model file whose arrays are others, with the right digest."""
    arrays, about = read_arrays("runs/small/model.safetensors", "model")
    for name, value in changes.items():
        arrays[name.replace("__", ".")] = value
    write_arrays("broken.safetensors", "model", arrays, about)


def test_scores_that_are_not_finite_are_no_answer(trained, capsys):
    """Weights are finite, and what comes of them is not."""
    broken_model(layers__1__variance=np.full(5, -1, np.float32))
    assert main(["evaluate", "broken.safetensors"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "the scores of 200 of 200 pictures are NaN or inf" in err
    assert main(["predict", "broken.safetensors", "white.png", "--json"]) == 2
    out, err = capsys.readouterr()
    assert list(json.loads(out)[0]) == ["picture", "error"] and "white.png: its scores are NaN or inf" in err


def test_a_run_whose_test_scores_are_not_finite(trained, capsys, monkeypatch):
    from xonet.cli import _train

    def grown(model, data, metrics, mirror):
        meter = Meter(model.loss, data.targets)
        meter(0, np.full((len(data), 2), np.inf, np.float32))
        return meter

    monkeypatch.setattr(_train, "evaluate", grown)
    assert main(["run", "small.yaml", "--seed", "9"]) == 1
    out, err = capsys.readouterr()
    assert "test:" not in out and "data.test: the scores of 200 of 200 pictures are NaN or inf" in err
    assert json.loads(Path("runs/small-2/result.json").read_text())["test"] == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layers__1__shift": np.full(5, np.nan, np.float32)}, "layers.1.shift has a value that is NaN"),
        ({"layers__1__shift": np.zeros(4, np.float32)}, "the file has one of shape (4,)"),
        ({"layers__1__shift": np.zeros(5)}, "the file has one of shape (5,) and of float64"),
        ({"more": np.zeros(5, np.float32)}, "this one has no more"),
    ],
    ids=["nan", "shape", "type", "more"],
)
def test_validate_and_evaluate_agree_on_a_model_file(trained, capsys, changes, said):
    broken_model(**changes)
    Path("good.yaml").write_text(Path("small.yaml").read_text())
    for verb in (["evaluate", "broken.safetensors"], ["validate", "broken.safetensors", "good.yaml"]):
        assert main(verb) == 2
        out, err = capsys.readouterr()
        assert said in err and ("nothing wrong in 1 file" in out) == (verb[0] == "validate")
