"""`classes: 100` and `classes: {file: labels.txt}`: names that the file does not list."""

from __future__ import annotations

import json
import pickle

import pytest

import xonet
from tests.command import xonet as command
from xonet.diagnostics import Source
from xonet.network import check, check_text, loads
from xonet.network.changes.plain import Setting, differences
from xonet.training.runs import Run

TEXT = """
xonet: 1
input: {height: 9, width: 9}
layers: [dense: {units: %d}]
output: {%s}
"""
XO = """
xonet: 1
name: xo
input: {height: 9, width: 9}
layers: [dense: {units: 2}]
output: {classes: {file: letters.txt}}
data: {train: {xo: {count: 100}}, test: {xo: {count: 40, seed: 2}}}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1}
"""
ODD = ["true", "1", "a: b", "null", "#", "é", "cat, dog", '"', "'", "\\n", "[x]", "😀", "- a"]


def test_a_number_stands_for_so_many_names():
    assert loads(TEXT % (100, "classes: 100")).classes == tuple(map(str, range(100)))
    assert loads(TEXT % (3, "labels: 3")).labels == ("0", "1", "2")


@pytest.mark.parametrize(("knob", "least"), [("classes", 2), ("labels", 1)])
@pytest.mark.parametrize("written", ["{least}", "50001", "2.0", "true"])
def test_another_number_is_refused(knob, least, written):
    written = written.format(least=least - 1)
    _, found = check_text(Source("<text>", TEXT % (2, f"{knob}: {written}")), sees_data=False)
    assert [one.code for one in found if one.severity == "error"] in (["out-of-range"], ["wrong-type"])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("begin", "end"), [("", ""), ("\ufeff", "{newline}")])
def test_a_file_has_one_name_a_line(tmp_path, newline, begin, end):
    text = begin + newline.join(ODD) + end.format(newline=newline)
    (tmp_path / "names.txt").write_bytes(text.encode())
    network = loads(TEXT % (len(ODD), "classes: {file: names.txt}"), data_root=tmp_path)
    assert network.classes == tuple(ODD)
    assert loads(TEXT % (len(ODD), "labels: {file: names.txt}"), data_root=tmp_path).labels == tuple(ODD)
    (tmp_path / "names.txt").unlink()
    assert pickle.loads(pickle.dumps(network)).classes == tuple(ODD)
    assert loads(network.text, overrides=network.overrides).classes == tuple(ODD)


def test_the_model_file_holds_the_names(tmp_path):
    (tmp_path / "names.txt").write_text("cat\ndog\nhen\n", encoding="utf-8")
    network = loads(TEXT % (3, "classes: {file: names.txt}"), data_root=tmp_path)
    xonet.Model(network).save(tmp_path / "model.safetensors")
    (tmp_path / "names.txt").unlink()
    assert xonet.Model.load(tmp_path / "model.safetensors").network.classes == ("cat", "dog", "hen")


def test_a_run_is_the_same_however_its_names_are_written(tmp_path):
    (tmp_path / "names.txt").write_text("0\n1\n2\n", encoding="utf-8")
    ways = ("{file: names.txt}", "3", '["0", "1", "2"]')
    runs = [Run.of(loads(TEXT % (3, f"classes: {way}"), data_root=tmp_path)) for way in ways]
    assert not [*runs[0].differences(runs[1]), *runs[0].differences(runs[2])]
    (tmp_path / "names.txt").write_text("0\n1\n3\n", encoding="utf-8")
    assert runs[0].differences(Run.of(loads(TEXT % (3, "classes: {file: names.txt}"), data_root=tmp_path)))


def test_a_number_is_told_as_one():
    old, new = (loads(TEXT % (count, f"classes: {count}")).document for count in (10, 100))
    assert [*differences(old, new)] == [Setting("output.classes", 10, 100)]


def test_a_file_outside_is_not_quoted(tmp_path):
    (tmp_path / "secret.txt").write_text("hunter2\nhunter2\n", encoding="utf-8")
    (tmp_path / "network").mkdir()
    path = tmp_path / "network" / "net.yaml"
    path.write_text(TEXT % (2, "classes: {file: ../secret.txt}"), encoding="utf-8")
    [found] = [one for one in check(path)[1] if one.severity == "error"]
    assert found.code == "duplicate-entry" and "secret.txt:2" in found.message and "hunter2" not in found.message


def test_without_data_the_file_is_not_looked_at(tmp_path):
    _, found = check_text(Source("<text>", TEXT % (2, "classes: {file: gone.txt}")), sees_data=False)
    assert not [one for one in found if one.severity == "error"]


def test_run_then_evaluate_without_the_file(tmp_path):
    (tmp_path / "letters.txt").write_text("X\nO\n", encoding="utf-8")
    (tmp_path / "xo.yaml").write_text(XO, encoding="utf-8")
    assert command("run", "xo.yaml", cwd=tmp_path).returncode == 0
    done = command("evaluate", "xo.yaml", cwd=tmp_path)
    assert done.returncode == 0 and "different settings" not in done.stderr
    (tmp_path / "letters.txt").unlink()
    done = command("evaluate", "runs/xo/model.safetensors", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["classes"] == ["X", "O"]
