"""What the project's network files come to when they are run: the deck's numbers, and the scores they promise."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.command import ROOT, leftovers, xonet
from tests.networks.test_deck import POOLED, POOLED_TWICE, STROKE, table
from xonet.cli import main

DECK = ROOT / "networks/deck"
NUMBER = re.compile(r"-?\d+\.\d\d")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Runs a file of the deck; gives what it prints, as {picture: {line that begins a value: [rows of numbers]}}."""
    monkeypatch.chdir(tmp_path)

    def run(file):
        assert main(["run", str(DECK / file)]) == 0
        out, err = capsys.readouterr()
        assert err == "" and list(tmp_path.iterdir()) == []
        pictures: dict[str, dict[str, list[list[str]]]] = {}
        title = ""
        for line in out.splitlines():
            if line.startswith("picture "):
                layers = pictures.setdefault(line.split(": ")[-1], {})
            elif line and not line.startswith("    "):
                title = line.strip() if not line.startswith("  ") else f"{title.split(',')[0]}, {line.strip()}"
                rows = layers.setdefault(title, [])
            elif line and NUMBER.search(line):
                rows.append(NUMBER.findall(line))
        return pictures

    return run


def flat(rows):
    return [float(number) for row in rows for number in row]


def maps(layers, layer):
    """The maps of the layer whose place and word are given."""
    return [flat(rows) for title, rows in layers.items() if title.startswith(layer) and rows]


def test_filtering(run):
    pictures = run("filtering.yaml")
    assert [maps(pictures[name], "layers.0 conv2d") for name in ("stroke", "centre")] == [[[1.00]], [[0.55]]]


def test_convolution(run):
    stroke, cross, mirrored = maps(run("convolution.yaml")["X"], "layers.0 conv2d")
    assert stroke == table(STROKE)
    assert cross[:7] == table("0.33 -0.55 0.11 -0.11 0.11 -0.55 0.33") and cross[3 * 7 + 3] == 1.00
    assert mirrored[:7] == table("0.33 -0.11 0.55 0.33 0.11 -0.11 0.77")
    assert [number for row in range(7) for number in mirrored[7 * row : 7 * row + 7][::-1]] == stroke


def test_relu(run):
    layers = run("relu.yaml")["X"]
    assert maps(layers, "layers.1 relu")[0] == [max(0.0, number) for number in table(STROKE)]


@pytest.mark.parametrize(
    ("file", "layer", "expected"),
    [
        ("pooling.yaml", "layers.1 max_pool2d", POOLED),
        ("stacking.yaml", "layers.2 max_pool2d", POOLED),
        ("deep_stacking.yaml", "layers.2.repeat.layers.0.1 max_pool2d", POOLED_TWICE),
    ],
)
def test_pooling(run, file, layer, expected):
    layers = run(file)["X"]
    found = maps(layers, layer)
    assert found == [table(text) for text in expected], list(layers)


@pytest.mark.parametrize("file", ["fully_connected.yaml", "deck.yaml"])
def test_votes(run, file):
    assert maps(run(file)["X"], "votes dense") == [[0.92, 0.51]]


def test_backprop(run):
    errors = next(rows for title, rows in run("backprop.yaml")["X"].items() if title.startswith("error"))
    assert errors == [["1.00", "0.92", "0.08"], ["0.00", "0.49", "0.49"], ["0.57"]]


def test_literal(run):
    pictures = run("literal.yaml")
    assert [maps(pictures[name], "layers.0 conv2d") for name in ("same", "shifted")] == [[[1.00]], [[0.35]]]


def test_trickier_cases_and_knobs(run, tmp_path):
    assert len(run("trickier_cases.yaml")) == 2, "eight pictures, each called X or O"
    knobs = xonet("run", DECK / "knobs.yaml", "--set", "knobs.number_of_features=6", cwd=tmp_path)
    assert knobs.returncode == 0
    result = json.loads((tmp_path / "runs/knobs/result.json").read_text())
    assert result["test"]["accuracy"] >= 0.99
    assert result["parameters"] == 6 * (3 * 3 + 1) + (4 * 4 * 6 + 1) * 8 + (8 + 1) * 2


def test_xo_learns_and_knows_letters_by_another_hand(pillow_letters, tmp_path):
    run = xonet("run", ROOT / "networks/xo.yaml", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    result = json.loads((tmp_path / "runs/xo/result.json").read_text())
    assert result["test"]["accuracy"] >= 0.995 and "on 2,000 pictures" in run.stdout
    assert not leftovers(tmp_path)
    pictures = sorted(pillow_letters.rglob("*.png"))
    assert len(pictures) == 200
    predict = xonet("predict", ROOT / "networks/xo.yaml", *pictures, "--json", cwd=tmp_path)
    assert predict.stderr == f"note: 200 of 200 pictures resized to 9 × 9: {pictures[0]} is 60 × 60\n"
    answers = json.loads(predict.stdout)
    assert [answer["picture"] for answer in answers] == list(map(str, pictures))
    right = [answer["class"] == Path(answer["picture"]).parent.name for answer in answers]
    assert sum(right) >= 0.97 * 200


MNIST = ROOT / "data/mnist"
FASHION = Path("/usr/share/datasets/fashion-mnist")


@pytest.mark.parametrize(
    ("name", "data", "least"),
    [
        pytest.param(
            "mnist", MNIST, 0.99,
            marks=pytest.mark.skipif(not MNIST.exists(), reason="data/mnist is not there; README.md says how"),
        ),
        pytest.param(
            "fashion", FASHION, 0.91,
            marks=pytest.mark.skipif(not FASHION.exists(), reason="the package dataset-fashion-mnist is not installed"),
        ),
    ],
)  # fmt: skip
def test_real_pictures(name, data, least, tmp_path):
    run = xonet("run", ROOT / f"networks/{name}.yaml", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    result = json.loads((tmp_path / f"runs/{name}/result.json").read_text())
    assert result["test"]["accuracy"] >= least
    print(f"{name}: {result['test']}, {result['epochs']} epochs, {result['seconds']}")
