"""What is in a model's and a checkpoint's metadata is a claim, too; and the same numbers make the same bytes."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from tests.cli.conftest import SMALL
from xonet.arrays import read_arrays, write_arrays
from xonet.data import DataError
from xonet.model import Model
from xonet.network import loads
from xonet.training.runs import Run, folder_name
from xonet.training.saving import save_model

NETWORK = loads(SMALL)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "model.safetensors"
    save_model(Model(NETWORK), path)
    return path


def said(path):
    with pytest.raises(DataError) as raised:
        Model.load(path)
    text = str(raised.value)
    assert text.startswith(f"{path}: ") and "\n" not in text and len(text) < 400
    return text


def test_the_same_bytes_every_time(saved, tmp_path):
    other = tmp_path / "other.safetensors"
    for _ in range(20):
        save_model(Model(NETWORK), other)
        assert other.read_bytes() == saved.read_bytes()


def test_others_can_read_it(saved):
    from safetensors.numpy import load_file

    arrays = load_file(saved)
    assert {name: array.shape for name, array in arrays.items()} == {
        name: array.shape for name, array in Model(NETWORK).parameters.items()
    }


@pytest.mark.parametrize("name", ["network", "file", "overrides", "root", "xonet"])
def test_metadata_that_is_missing(saved, name):
    arrays, about = read_arrays(saved, "model")
    write_arrays(saved, "model", arrays, {key: text for key, text in about.items() if key != name})
    assert f"its metadata lack {name}" in said(saved)


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("overrides", "", "overrides"),
        ("overrides", "[1]", "overrides"),
        ("overrides", "{}", "overrides"),
        ("overrides", "[" * 100_000, "overrides"),
        ("overrides", '["no key"]', "whose network is valid"),
        ("root", '"', "root"),
        ("root", '"a\\u0000"', "root"),
        ("file", "\0", "file"),
        ("network", "", "whose network is valid"),
        ("network", "xonet: 2\n", "whose network is valid"),
        ("network", SMALL.replace("relu", "a_layer_of_later"), "whose network is valid"),
        ("network", SMALL.replace("features: 5", "features: 6"), "of a different network"),
    ],
    ids=lambda value: value[:12],
)
def test_metadata_of_which_nothing_can_be_made(saved, name, text, what):
    arrays, about = read_arrays(saved, "model")
    write_arrays(saved, "model", arrays, {**about, name: text, "xonet": "9.9"})
    assert what in said(saved)


def test_a_newer_version_is_named(saved):
    arrays, about = read_arrays(saved, "model")
    later = {**about, "network": SMALL.replace("relu", "later"), "xonet": "9.9\n"}
    write_arrays(saved, "model", arrays, later)
    assert "(there is no layer later): xonet 9.9\\n wrote it" in said(saved)


@pytest.mark.parametrize(("value", "what"), [(np.nan, "NaN"), (np.inf, "inf"), (-np.inf, "inf")])
def test_weights_that_are_not_finite(saved, value, what):
    arrays, about = read_arrays(saved, "model")
    arrays["layers.5.weights"][0, 0] = value
    write_arrays(saved, "model", arrays, about)
    assert said(saved) == f"{saved}: layers.5.weights has a value that is {what}, which cannot be used"


@pytest.mark.parametrize(
    "header",
    [
        b"{}", b"[]", b"null", b"1", b'"text"', b"{" * 5000, b"[" * 100_000, b"\xff\xfe",
        b'{"a": 1}', b'{"a": {}}', b'{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 8]}}',
        b'{"a": {"dtype": "F32", "shape": [9223372036854775807, 9], "data_offsets": [0, 8]}}',
        b'{"a": {"dtype": "F32", "shape": [1e400], "data_offsets": [0, 8]}}',
        b'{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 1e400]}}',
        b'{"a": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}',
        b'{"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, "8"]}}',
        b'{"a": {"dtype": "X9", "shape": [2], "data_offsets": [0, 8]}}',
        b'{"__metadata__": [], "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}',
        b'{"__metadata__": {"kind": ["model"]}, "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}',
        b'{"__metadata__": {"kind": "model","x": 3}, "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}',
        b'{"__metadata__": {"kind": "\\ud800"}, "a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}',
        b'{"__metadata__": {"kind": "model", "x": "\\ud800"}, "a": {"dtype": "F32", "shape": [2], '
        b'"data_offsets": [0, 8]}}',
    ],
    ids=lambda header: header[:60].decode("latin-1"),
)  # fmt: skip
@pytest.mark.parametrize("length", [None, 2**64 - 1, 2**63, 2**40, 0, 1])
def test_headers(tmp_path, header, length):
    path = tmp_path / "file"
    path.write_bytes((len(header) if length is None else length).to_bytes(8, "little") + header + bytes(8))
    assert "expected a model" in said(path)


def test_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "nothing").write_bytes(b"")
    (tmp_path / "link").symlink_to("nowhere")
    assert said(tmp_path / "pipe").endswith("found a pipe or a device")
    assert said(tmp_path / "folder").endswith("found a folder")
    assert said(tmp_path / "nothing").endswith("cut short, or something else")
    assert said(tmp_path / "link").endswith("no such model")
    with open(tmp_path / "huge", "wb") as file:
        file.truncate(1 << 40)
    assert said(tmp_path / "huge").endswith("cut short, or something else")


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "1", '{"name": 1}', '{"name": "a", "settings": [], "engine": ""}', "[" * 10**5]
)
def test_a_run_that_cannot_be_understood(text):
    assert Run.read(text) is None


def test_a_run_is_what_it_means():
    run = Run.of(NETWORK)
    assert Run.read(run.text) == run
    same = SMALL.replace("features: 5, kernel_size: 3", "kernel_size: 3, features: 5").replace(
        "rate: 0.2", "rate: 0.20"
    )
    assert Run.of(loads(f"# another\n{same}expect: {{loss: {{max: 9}}}}\n")) == run
    assert Run.of(loads(SMALL, overrides=["training.checkpoint_every=3", "name=small"])) == run
    for other in ("training.epochs=4", "training.seed=1", "layers.2=tanh", "input.invert=false", "data.augment=[]"):
        assert run.differences(Run.of(loads(SMALL, overrides=[other]))), other


@pytest.mark.parametrize(
    "name", ["", ".", "..", "...", "a/b", "/", "\0", "x" * 300, "ü" * 300, " ", "\n", "\udcff", "~"]
)
def test_names_of_folders(tmp_path, name):
    found = folder_name(name)
    assert "/" not in found and found not in ("", ".", "..") and not found.startswith(".")
    made = tmp_path / "runs" / f"{found}-1234"
    made.mkdir(parents=True)
    assert made.parent == tmp_path / "runs"
    assert json.dumps(found)
