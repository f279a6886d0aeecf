"""`xonet predict`: which model it asks, and what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.command import ROOT
from xonet.cli import main

MODEL = "runs/small/model.safetensors"


@pytest.fixture
def trained(folder, capsys):
    assert main(["run", "small.yaml"]) == 0
    capsys.readouterr()
    return folder


def predict(capsys, *arguments):
    """(what it prints, its notes)."""
    assert main(["predict", *arguments]) == 0
    out, err = capsys.readouterr()
    said = [line for line in err.splitlines() if not line.startswith("compiling ")]
    assert all(line.startswith("note: ") for line in said)
    return out, [line.removeprefix("note: ") for line in said]


def test_text(trained, capsys):
    Path("a longer name.png").write_bytes(Path("white.png").read_bytes())
    out, notes = predict(capsys, "small.yaml", "white.png", "a longer name.png")
    first, second = out.splitlines()
    assert first.startswith("white.png          X  (X ") or first.startswith("white.png          O  (O ")
    assert second[19:] == first[19:] and second.startswith("a longer name.png  ") and notes == []


def test_json(trained, capsys):
    out, notes = predict(capsys, "small.yaml", "white.png", "white.png", "--json")
    first, second = json.loads(out)
    assert first == second and list(first) == ["picture", "class", "scores"] and notes == []
    assert first["picture"] == "white.png" and list(first["scores"]) == ["X", "O"]
    assert sum(first["scores"].values()) == pytest.approx(1, abs=1e-5)
    assert first["class"] == max(first["scores"], key=first["scores"].get)


def test_a_model_file_is_enough(trained, capsys):
    expected = predict(capsys, "small.yaml", "white.png")
    Path("small.yaml").unlink()
    Path(MODEL).rename("handed_on.safetensors")
    assert predict(capsys, "handed_on.safetensors", "white.png") == expected


def test_both_engines_say_the_same(trained, capsys):
    assert predict(capsys, "small.yaml", "white.png") == predict(capsys, MODEL, "white.png", "--engine", "reference")


def test_a_file_that_has_changed_since(trained, capsys):
    expected, _ = predict(capsys, "small.yaml", "white.png")
    with open("small.yaml", "r+") as file:
        text = file.read().replace("relu", "tanh")
        file.seek(0)
        file.write(text)
    changed = (
        f"{MODEL} was trained with different settings than small.yaml has now (layers.2 is relu there, tanh here); "
        "this is the network as it was trained"
    )
    assert predict(capsys, "small.yaml", "white.png") == (expected, [changed])


def test_settings_of_the_training_are_recalled(folder, capsys):
    assert main(["run", "small.yaml", "--set", "layers.0.conv2d.features=2", "--seed", "3"]) == 0
    capsys.readouterr()
    _, notes = predict(capsys, "small.yaml", "white.png")
    assert notes == [
        f"{MODEL} was trained with different settings than small.yaml has now (layers.0.conv2d.features is 2 there, "
        "5 here, training.seed is 3 there, the default here); this is the network as it was trained"
    ]


def test_settings_change_the_prediction(trained, capsys):
    straight, _ = predict(capsys, "small.yaml", "white.png", "--json")
    inverted, _ = predict(capsys, "small.yaml", "white.png", "--json", "--set", "input.invert=false")
    assert straight != inverted


def test_a_picture_that_does_not_fit_is_made_to_once_said(trained, capsys):
    Image.new("RGB", (20, 30), "red").save("red.png")
    _, notes = predict(capsys, "small.yaml", "red.png", "white.png")
    assert notes == [
        "1 of 2 pictures became grey, because the network has one channel: red.png",
        "1 of 2 pictures resized to 9 × 9: red.png is 30 × 20",
        "1 of 2 pictures is blank after preparation (one plain colour, or all but black): red.png",
    ]


@pytest.mark.parametrize("file", ["deck.yaml", "backprop.yaml"])
def test_the_deck_needs_no_training(folder, capsys, file):
    out, notes = predict(capsys, str(ROOT / "networks/deck" / file), "white.png", "--json")
    assert json.loads(out)[0]["class"] in ("X", "O") and notes == []


def test_a_network_without_classes_says_values(folder, capsys):
    Path("values.yaml").write_text(
        "xonet: 1\ninput: {height: 9, width: 9}\nlayers: [{dense: {units: 2, init: zeros, bias: [1.5, -2]}}]\n"
        "output: {values: [height, weight]}\n"
    )
    out, _ = predict(capsys, "values.yaml", "white.png", "--json")
    assert json.loads(out) == [{"picture": "white.png", "values": {"height": 1.5, "weight": -2.0}}]
    assert predict(capsys, "values.yaml", "white.png")[0] == "white.png  height 1.5  weight -2\n"


def test_rows_of_numbers_are_no_pictures(folder, capsys):
    Path("rows.yaml").write_text(
        "xonet: 1\ninput: {features: 4}\nlayers: [{dense: {units: 2}}]\noutput: {classes: [a, b]}\n"
    )
    assert main(["predict", "rows.yaml", "white.png"]) == 2
    said = capsys.readouterr().err
    assert said == "xonet: rows.yaml: expected a network for grey or colour pictures, but its input is 4\n"


def test_a_folder_stands_for_its_pictures(trained, capsys):
    for name in ("b.png", "sub/a.PNG", ".hidden.png"):
        Path("all", name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (9, 9), 255).save(Path("all", name), "PNG")
    Path("all/notes.txt").write_text("no picture")
    Path("all/Thumbs.db").write_text("what systems leave")
    Path("all/none").mkdir()
    out, notes = predict(capsys, "small.yaml", "all")
    assert [line.split()[0] for line in out.splitlines()] == ["all/b.png", "all/sub/a.PNG"]
    left_out, blank = notes
    assert left_out.startswith("2 files without a picture's file extension, left out: all/")
    assert blank == (
        "2 of 2 pictures are blank after preparation (one plain colour, or all but black): all/b.png, all/sub/a.PNG"
    )
    assert main(["predict", "small.yaml", "all/none"]) == 2
    assert "a folder without any" in capsys.readouterr().err


def test_a_broken_picture_keeps_no_other_from_its_answer(trained, capsys):
    Path("broken.png").write_bytes(Path("white.png").read_bytes()[:40])
    assert main(["predict", "small.yaml", "white.png", "broken.png", "missing.png", "white.png"]) == 2
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == ["white.png", "white.png"]
    assert [line.split(":")[1].strip() for line in err.splitlines()] == ["broken.png", "missing.png"]
    assert main(["predict", "small.yaml", "missing.png", "white.png", "--output-format", "json"]) == 2
    missing, white = json.loads(capsys.readouterr().out)
    assert missing == {"picture": "missing.png", "error": "missing.png: no such picture"} and "class" in white
