"""Metrics that a file asks for: in the history, in the results, and of each class."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xonet.cli import main

ASKED = "training.metrics=[f1, auc, top_1_accuracy]"


def run(*arguments, status=0):
    """Run small.yaml; its history, and what was measured on the test data."""
    assert main(["run", "small.yaml", "--overwrite", *arguments]) == status
    return history(), json.loads(Path("runs/small/result.json").read_text())["test"]


def history(folder="runs/small"):
    """A row an epoch."""
    return [json.loads(line) for line in Path(folder, "history.jsonl").read_text().splitlines()]


def test_what_is_asked_for_is_measured_everywhere(folder, capsys):
    rows, test = run("--set", ASKED)
    names = ["loss", "accuracy", "f1", "auc", "top_1_accuracy"]
    assert list(test) == names and test["top_1_accuracy"] == test["accuracy"] and 0 < test["f1"] < 1
    for row in rows:
        assert {*names, *(f"validation_{name}" for name in names)} < set(row)
    out, err = capsys.readouterr()
    assert f"f1 {test['f1']:.4f}  auc {test['auc']:.4f}  top_1_accuracy {test['accuracy']:.4f}  on 200" in out
    assert f"f1 {rows[0]['f1']:.4f}" in err and f"f1 {rows[0]['validation_f1']:.4f}" in err
    assert "validation_" not in err


def test_nothing_else_is_measured(folder):
    rows, test = run()
    assert list(test) == ["loss", "accuracy"]
    known = ["loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate", "seconds"]
    assert list(rows[0]) == ["epoch", *known]


def test_each_class(folder, capsys):
    run("--set", ASKED)
    capsys.readouterr()
    assert main(["evaluate", "small.yaml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found["of_each"]) == ["f1", "auc"] and list(found["of_each"]["f1"]) == ["X", "O"]
    assert sum(found["of_each"]["f1"].values()) / 2 == pytest.approx(found["f1"])
    assert main(["evaluate", "small.yaml"]) == 0
    *_, head, x, o = capsys.readouterr().out.splitlines()
    assert head.split() == ["f1", "auc"] and [x.split()[0], o.split()[0]] == ["X", "O"]
    assert x.split()[1] == f"{found['of_each']['f1']['X']:.4f}"


def test_another_metric_of_a_model_that_is_trained(folder, capsys):
    run()
    capsys.readouterr()
    assert main(["evaluate", "small.yaml", "--json", "--set", "training.metrics=[calibration_error]"]) == 0
    assert "calibration_error" in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("wanted", ["f1: {min: 1}", "calibration_error: {max: 0}", "top_1_accuracy: {min: 1}"])
def test_what_is_expected_is_measured_and_may_be_missed(folder, capsys, wanted):
    name = wanted.split(":")[0]
    rows, test = run("--set", f"expect={{{wanted}}}", status=1)
    assert name in test and name not in rows[0]
    assert f"error[score-missed] the test {name} is {test[name]:.4g}, " in capsys.readouterr().err


@pytest.mark.parametrize("wanted", ["f1: {min: 0.1}", "calibration_error: {max: 1}", "top_1_accuracy: {min: 0.1}"])
def test_what_is_expected_is_met(folder, wanted):
    run("--set", f"expect={{{wanted}}}")


def test_a_run_goes_on_with_other_metrics(folder, capsys):
    constant = ["--set", "training.schedule=constant"]
    run(*constant, "--set", "training.epochs=2")
    capsys.readouterr()
    assert main(["run", "small.yaml", "--resume", *constant, "--set", "training.epochs=4", "--set", ASKED]) == 0
    assert ["f1" in row for row in history("runs/small-2")] == [False, False, True, True]
    assert "from here on" not in capsys.readouterr().err


def test_the_catalogue_shows_them(capsys):
    assert main(["catalogue", "f1"]) == 0
    assert "harmonic mean" in capsys.readouterr().out
    assert main(["catalogue", "roc_auc"]) == 2
    assert "it is called auc here" in capsys.readouterr().err
