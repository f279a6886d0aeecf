"""Networks that are asked for labels, values, one score for two classes, or their input: run, evaluate, predict."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from xonet.cli import main

FILE = """\
xonet: 1
name: net
input: {{height: 9, width: 9}}
layers:
  - dense: {{units: 20}}
  - relu
  - dense: {{units: {units}}}
{output}
data: {{{data}}}
training: {{loss: {loss}, optimizer: {{adam: {{learning_rate: 0.01}}}}, epochs: 8, batch_size: 8{more}}}
"""


@pytest.fixture
def lists(folder):
    """Dark pictures with a line across or down, or both or none; what they show, and how dark they are."""
    rng = np.random.default_rng(0)
    labels, values = ["path,labels"], ["path,down,ink"]
    for number in range(48):
        across, down = number % 2, number // 2 % 2
        pixels = rng.integers(150, 256, (9, 9), dtype=np.uint8)
        pixels[4] = 0 if across else pixels[4]
        pixels[:, 4] = 0 if down else pixels[:, 4]
        Image.fromarray(pixels).save(folder / f"{number}.png")
        labels.append(f"{number}.png,{'|'.join(['across'] * across + ['down'] * down)}")
        values.append(f"{number}.png,{down},{(255 - pixels).mean() / 100:.4f}")
    (folder / "labels.csv").write_text("\n".join(labels))
    (folder / "values.csv").write_text("\n".join(values))
    return folder


def trained(folder, capsys, units, output, data, loss, more=""):
    """A network file, run; what the run printed last."""
    text = FILE.format(units=units, output=output, data=data, loss=loss, more=more)
    (folder / "net.yaml").write_text(text)
    assert main(["run", "net.yaml", "--overwrite"]) == 0, capsys.readouterr().err
    return json.loads((folder / "runs/net/result.json").read_text())["test"]


def told(capsys, *arguments):
    """What a command prints as JSON."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_labels(lists, capsys):
    data = "train: {images: {list: labels.csv}}, test: {images: {list: labels.csv}}"
    found = trained(lists, capsys, 2, "output: {labels: [across, down]}", data, "binary_cross_entropy")
    assert found["accuracy"] > 0.9
    answers = told(capsys, "predict", "net.yaml", "0.png", "1.png", "3.png")
    assert [answer["labels"] for answer in answers] == [[], ["across"], ["across", "down"]]
    assert all((answer["scores"][name] > 0.5) == (name in answer["labels"]) for answer in answers for name in ["down"])
    measured = told(capsys, "evaluate", "net.yaml")
    assert measured["accuracy"] == found["accuracy"] and measured["labels"]["down"]["holds"] == 24
    right = [each["right"] for each in measured["labels"].values()]
    assert sum(right) / 2 == pytest.approx(found["accuracy"])
    assert main(["predict", "net.yaml", "0.png", "3.png"]) == main(["evaluate", "net.yaml"]) == 0
    none, both, *_ = capsys.readouterr().out.splitlines()
    assert none.startswith("0.png  none  (across ") and both.startswith("3.png  across, down  (across ")


def test_values(lists, capsys):
    data = "train: {images: {list: values.csv}}, test: {images: {list: values.csv}}"
    found = trained(lists, capsys, 2, "output: {values: [ink, down]}", data, "huber")
    assert found.keys() == {"loss"} and found["loss"] < 0.1
    (answer,) = told(capsys, "predict", "net.yaml", "2.png")
    assert answer["values"]["down"] > 0.5  # the header's order is another one than the output's


def test_one_score_for_two_classes(folder, capsys):
    data = "train: {xo: {count: 200, noise: 0.1}}, test: {xo: {count: 100, noise: 0.1, seed: 2, balance: 0.3}}"
    found = trained(folder, capsys, 1, "output: {classes: [O, X]}", data, "binary_cross_entropy")
    assert found["accuracy"] > 0.95
    measured = told(capsys, "evaluate", "net.yaml")
    assert np.trace(measured["confusion"]) == 100 * found["accuracy"]
    assert np.sum(measured["confusion"], axis=1).tolist() == [70, 30]
    (answer,) = told(capsys, "predict", "net.yaml", "white.png")
    assert sum(answer["scores"].values()) == pytest.approx(1)
    assert answer["class"] == max(answer["scores"], key=answer["scores"].get)


def test_its_own_input(folder, capsys):
    data = "targets: input, train: {xo: {count: 400}}, validation: {share: 0.2}, test: {xo: {count: 100, seed: 2}}"
    found = trained(folder, capsys, 81, "", data, "{squared_error: {reduce: mean}}")
    assert found["loss"] < 0.01
    assert told(capsys, "evaluate", "net.yaml")["loss"] == found["loss"]
    (answer,) = told(capsys, "predict", "net.yaml", "white.png")
    assert answer["loss"] > found["loss"]  # it has never seen such a picture


def test_class_weights_move_the_border(folder, capsys):
    data = "train: {xo: {count: 300, noise: 1.0, balance: 0.1}}, test: {xo: {count: 300, noise: 1.0, seed: 2}}"
    told_right = {}
    for more in ("", ", class_weights: balanced", ", class_weights: {X: 9}"):
        trained(folder, capsys, 2, "output: {classes: [X, O]}", data, "cross_entropy", more)
        told_right[more] = told(capsys, "evaluate", "net.yaml")["right"][0]
    plain, balanced, heavy = told_right.values()
    assert balanced > plain and heavy > plain
