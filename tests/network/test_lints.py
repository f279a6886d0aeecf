"""Warnings keep quiet where what they warn of is meant, and say where an alias leads."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.diagnostics.examples import BASE
from xonet.diagnostics import Diagnostic
from xonet.network import check

LAYERS = "  - conv2d: {features: 4, kernel_size: 3}\n  - relu\n  - max_pool2d: {window: 2}\n  - dense: {units: 2}\n"


@pytest.fixture
def found(tmp_path: Path):
    def lint(text: str, **more: bool) -> list[Diagnostic]:
        (tmp_path / "net.yaml").write_text(text)
        return check(tmp_path / "net.yaml", **more)[1]

    return lint


def layers(*lines: str) -> str:
    return BASE.replace(LAYERS, "".join(f"  - {line}\n" for line in lines))


@pytest.mark.parametrize(
    "text",
    [
        # depthwise, then pointwise: cheaper than one convolution, and meant
        layers("depthwise_conv2d: {kernel_size: 3}", "conv2d: {features: 8, kernel_size: 1}", "dense: {units: 2}")
        .replace("  - dense", "  - relu\n  - dense"),
        # a waist: fewer features between than on either side
        layers("dense: {units: 3}", "dense: {units: 20}", "relu", "dense: {units: 2}"),
        layers(
            "conv2d: {features: 16, kernel_size: 3}", "relu", "conv2d: {features: 2, kernel_size: 1}",
            "conv2d: {features: 16, kernel_size: 3}", "relu", "dense: {units: 2}",
        ),
        # numbers set by hand are there to be looked at
        layers("conv2d: {features: 1, kernel_size: 2, weights: [[1, 0], [0, 1]]}", "dense: {units: 2}"),
        # another layer takes what the bias adds
        layers(
            "conv2d: {features: 1, kernel_size: 3}", "residual: {layers: [batch_norm]}", "relu", "dense: {units: 2}"
        ),
        layers("conv2d: {features: 1, kernel_size: 3}", "relu", "batch_norm", "dense: {units: 2}"),
        layers("conv2d: {features: 1, kernel_size: 3}", "relu", "sigmoid", "dense: {units: 2}"),
        # a shortcut's way of making a picture smaller
        layers("conv2d: {features: 2, kernel_size: 1, stride: 2}", "relu", "dense: {units: 2}"),
        # one place only: there is nothing between
        layers("max_pool2d: {window: 5, stride: 9}", "dense: {units: 2}"),
        layers("conv2d: {features: 1, kernel_size: 2, dilation: 3, stride: 4}", "relu", "dense: {units: 2}"),
        # measured as it is written, not trained
        BASE.replace("5\n", "0\n  batch_size: 2000\n  schedule: {step: {every: 10}}\n").replace("0.001", "9"),
        # merged and nested knobs are used
        "knobs:\n  conv: &conv {kernel_size: 3, features: 4}\n"
        + BASE.replace("{features: 4, kernel_size: 3}", "{<<: *conv}"),
        "knobs:\n  sizes: {a: &a 3, b: 4}\n" + BASE.replace("kernel_size: 3", "kernel_size: *a"),
    ],
)  # fmt: skip
def test_nothing_is_said(found, text: str) -> None:
    assert [(it.code, it.message) for it in found(text)] == []


def test_a_layer_in_a_repeat_is_warned_of_once(found) -> None:
    text = layers("repeat: {times: 40, layers: [relu, relu]}", "dense: {units: 2}")
    assert [it.code for it in found(text)] == ["activation-twice", "activation-twice"]


def test_an_alias_leads_to_its_value(found) -> None:
    (it,) = found("knobs: {rate: &rate 5}\n" + BASE.replace("0.001", "*rate"))
    assert it.code == "unusual-learning-rate" and it.notes[-1].span and it.notes[-1].span.line == 1
    assert it.pointer == "/training/optimizer/adam/learning_rate"


def test_idx_files_say_how_many_they_hold(found, tmp_path: Path) -> None:
    import gzip

    header = bytes((0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 9, 0, 0, 0, 9))
    (tmp_path / "pictures").write_bytes(header + bytes(20 * 9 * 9))
    (tmp_path / "pictures.gz").write_bytes(gzip.compress(header + bytes(20 * 9 * 9)))
    (tmp_path / "damaged").write_bytes(b"\x1f\x8b damaged")
    (tmp_path / "labels").write_bytes(bytes((0, 0, 8, 1, 0, 0, 0, 20)) + bytes(20))
    for name in ("pictures", "pictures.gz"):
        text = BASE.replace("{xo: {count: 1000}}", f"{{idx: {{images: {name}, labels: labels}}}}")
        assert "batch-too-large" in [it.code for it in found(text)]
    for name in ("damaged",):
        text = BASE.replace("{xo: {count: 1000}}", f"{{idx: {{images: {name}, labels: labels}}}}")
        assert [it.code for it in found(text)] == ["bad-data"]
        assert found(text, sees_data=False) == []


def test_folders_and_lists_say_what_they_hold(found, tmp_path: Path) -> None:
    for label in ("X", "O", "Q", ".hidden"):
        (tmp_path / "letters" / label).mkdir(parents=True)
        (tmp_path / "letters" / label / "1.png").touch()
    text = BASE.replace("{xo: {count: 1000}}", "{images: {folder: letters}}")
    assert [it.code for it in found(text)] == ["unknown-label"]
    assert "Q" in found(text)[0].message
    for name in "abc":
        Image.new("L", (9, 9)).save(tmp_path / f"{name}.png")
    (tmp_path / "letters.csv").write_text("path,label\na.png,X\nb.png,P\nc.png,Q\n")
    (it, *_) = found(BASE.replace("{xo: {count: 1000}}", "{images: {list: letters.csv}}"))
    assert it.code == "unknown-label" and "'P'" in it.message


def test_a_name_that_no_system_takes_is_missing(found) -> None:
    text = BASE.replace("{xo: {count: 1000}}", "{images: {folder: " + "a" * 5000 + "}}")
    assert [it.code for it in found(text)] == ["missing-path"]
