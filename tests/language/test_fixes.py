"""Fixes: every fixable finding of the corpus, and what a fix must leave alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from xonet.diagnostics import Diagnostic, Source
from xonet.language.fixes import fixed
from xonet.network import check_text

FOLDER = Path(__file__).parents[1] / "wrong"
FILES = sorted(FOLDER.glob("*.yaml"))


def judge(source: Source, arguments: Sequence[str] = ()) -> list[Diagnostic]:
    return check_text(source, arguments, FOLDER)[1]


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


FIXABLE = [path for path in FILES if "# set:" not in read(path) and any(f.fix for f in judge(Source("", read(path))))]

VALID = """\
xonet: 1
input: {height: 9, width: 9}
layers:
  - conv2d: {features: 4, kernel_size: 3}
  - relu
  - dense: {units: 2}
output: {classes: [X, O]}
data: {train: {xo: {count: 100}}}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1}
"""


def fix(text: str) -> tuple[str, list[str], list[str]]:
    source, gone, left = fixed(Source("a.yaml", text), judge)
    return source.text, [f.code for f in gone], [f.code for f in left if f.severity == "error"]


def comments(text: str) -> list[str]:
    return re.findall(r"[ \t]*#.*", text)


def test_there_are_enough() -> None:
    assert len(FIXABLE) >= 40


@pytest.mark.parametrize("path", FIXABLE, ids=lambda path: path.stem)
def test_a_fix_makes_the_file_valid_and_a_second_one_changes_nothing(path: Path) -> None:
    text = read(path)
    after, gone, left = fix(text)
    assert gone and not left
    assert comments(after) == comments(text)
    assert len(after.splitlines()) == len(text.splitlines())
    assert sum(a != b for a, b in zip(after.splitlines(), text.splitlines(), strict=True)) == 1
    assert fix(after) == (after, [], [])


@pytest.mark.parametrize("path", FIXABLE, ids=lambda path: path.stem)
def test_line_ends_stay(path: Path) -> None:
    text = read(path)
    assert fix(text.replace("\n", "\r\n"))[0] == fix(text)[0].replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("conv2d: {features: 4, kernel_size: 3}", "Conv2D: {filters: 4, kernel_size: 3.0}"),
        ("conv2d: {features: 4, kernel_size: 3}", "Convolution2D: {'filters' : \"4\", kernel: 3} # three"),
        ("conv2d: {features: 4, kernel_size: 3}", "conv2d:\n      featurs: 4\n      kernelsize: 3e0"),
        ("dense: {units: 2}", "Linear: {out_features: 2, use_bias: no}"),
        ("classes: [X, O]", "class_names: [1, 2]"),
    ],
)
def test_faults_below_faults(right: str, wrong: str) -> None:
    after, _, left = fix(VALID.replace("data:", "# data:").replace("training:", "#").replace(right, wrong))
    assert not left
    assert comments(after) == comments(
        VALID.replace("data:", "# data:").replace("training:", "#").replace(right, wrong)
    )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("conv2d: {features", "conv3d: {features"),  # a digit says what is meant
        ("relu", "rlu"),  # too short
        ("conv2d: {features: 4", "conv2d: {features: 4, filters: 8"),  # which of the two?
        ("loss: cross_entropy", "loss: mse"),  # not quite the same
        ("relu", "BatchNorm2d: {momentum: 0.1}"),  # the same word, another meaning
        ("units: 2", "units: 2.5"),
        ("xonet: 1\n", "xonet: 1\nknobs: {all: &all {filters: 2, kernel_size: 3}}\n"),  # nothing is wrong yet
    ],
)
def test_what_a_person_must_decide_stays(right: str, wrong: str) -> None:
    text = VALID.replace(right, wrong, 1)
    assert fix(text)[0] == text


def test_what_an_alias_stands_for_stays() -> None:
    text = VALID.replace("xonet: 1", "xonet: 1\nknobs: {all: &all {filters: 2, kernel_size: 3}}")
    text = text.replace("conv2d: {features: 4, kernel_size: 3}", "conv2d: *all")
    assert fix(text)[0] == text


def test_an_argument_is_not_edited() -> None:
    found = judge(Source("a.yaml", VALID), ["layers.2.dense.units=2.0"])
    assert [f.fix and f.fix.edits[0].span.source.name for f in found] == ["--set"]
