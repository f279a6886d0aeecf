"""`weights:`: parameters that begin as a file has them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

import xonet
from tests.command import xonet as command
from xonet.diagnostics import InvalidNetwork
from xonet.network import check

TEXT = """
xonet: 1
input: {height: 5, width: 5}
layers:
  - conv2d: {features: 3, kernel_size: 2, bias: false}
  - batch_norm
  - relu
  - dense: {units: 2}
output: {classes: [X, O]}
"""
DATA = """
data:
  test: {xo: {count: 40, seed: 2}}
"""
XO = TEXT.replace("height: 5, width: 5", "height: 9, width: 9")
TRAINING = "training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1}\n"


def saved(folder, text=TEXT, name="old.safetensors", seed=3):
    model = xonet.Model(xonet.loads(text), seed=seed)
    model.save(folder / name)
    return model


def found(text, folder):
    (folder / "net.yaml").write_text(text)
    return [(it.code, it.message, it.help) for it in check(folder / "net.yaml")[1] if it.code != "missing-data"]


def test_all_of_a_model_file(tmp_path):
    old = saved(tmp_path)
    model = xonet.Model(xonet.loads(f"{TEXT}weights: old.safetensors\n", data_root=tmp_path))
    assert all((model.parameters[name] == array).all() for name, array in old.parameters.items())
    assert not found(f"{TEXT}weights: old.safetensors\n", tmp_path)


def test_a_file_of_another_program(tmp_path):
    """Arrays of other types; the same bits as float32 have."""
    old = saved(tmp_path)
    arrays = {name: array.astype(np.float16) for name, array in old.parameters.items()}
    save_file({**arrays, "layers.3.bias": np.array([1, 2])}, tmp_path / "other.safetensors")
    model = xonet.Model(xonet.loads(f"{TEXT}weights: other.safetensors\n", data_root=tmp_path))
    assert (model.parameters["layers.0.weights"] == arrays["layers.0.weights"].astype(np.float32)).all()
    assert model.parameters["layers.3.bias"].tolist() == [1, 2]


def test_skipped_layers_begin_as_without_a_file(tmp_path):
    old = saved(tmp_path)
    more = TEXT.replace("units: 2", "units: 3").replace("[X, O]", "[X, O, P]")
    text = f"{more}weights: {{file: old.safetensors, skip: [layers.3]}}\n"
    assert not found(text, tmp_path)
    model, fresh = xonet.Model(xonet.loads(text, data_root=tmp_path)), xonet.Model(xonet.loads(more))
    assert (model.parameters["layers.3.weights"] == fresh.parameters["layers.3.weights"]).all()
    assert (model.parameters["layers.0.weights"] == old.parameters["layers.0.weights"]).all()
    assert (model.parameters["layers.0.weights"] != fresh.parameters["layers.0.weights"]).any()


@pytest.mark.parametrize(
    ("before", "after", "says", "help"),
    [
        ("units: 2", "units: 3", "as 2 × 48, and this network as 3 × 48", "skip: [layers.3]"),
        ("  - batch_norm\n", "", "layers.1.shift", ""),
        (
            "  - relu\n",
            "  - relu\n  - dense: {units: 48}\n  - relu\n",
            "has no layers.5.weights, layers.5.bias",
            "layers.5",
        ),
    ],
)
def test_what_does_not_fit(tmp_path, before, after, says, help):
    saved(tmp_path)
    text = TEXT.replace(before, after)
    if "units: 3" in text:
        text = text.replace("[X, O]", "[X, O, P]")
    findings = found(f"{text}weights: old.safetensors\n", tmp_path)
    assert {code for code, *_ in findings} == {"weights-mismatch"}
    assert any(says in message for _, message, _ in findings)
    assert any(help in it for *_, it in findings)
    with pytest.raises(InvalidNetwork):
        xonet.Model(xonet.loads(f"{text}weights: old.safetensors\n", data_root=tmp_path))


def test_a_skip_of_nothing(tmp_path):
    saved(tmp_path)
    (finding,) = found(f"{TEXT}weights: {{file: old.safetensors, skip: [layer.3]}}\n", tmp_path)
    assert finding[0] == "weights-mismatch" and "did you mean layers.3" in finding[2]


@pytest.mark.parametrize("content", [b"", b"no", b'\x08\0\0\0\0\0\0\0{"a":1}', None])
def test_a_broken_file(tmp_path, content):
    if content is not None:
        (tmp_path / "old.safetensors").write_bytes(content)
    (finding,) = found(f"{TEXT}weights: old.safetensors\n", tmp_path)
    assert finding[0] == ("bad-data" if content is not None else "missing-path")
    with pytest.raises(InvalidNetwork):
        xonet.Model(xonet.loads(f"{TEXT}weights: old.safetensors\n", data_root=tmp_path))


def test_an_edited_model_file_is_told(tmp_path):
    saved(tmp_path)
    bits = bytearray((tmp_path / "old.safetensors").read_bytes())
    bits[-3] ^= 1
    (tmp_path / "old.safetensors").write_bytes(bits)
    with pytest.raises(InvalidNetwork, match="edited or damaged"):
        xonet.Model(xonet.loads(f"{TEXT}weights: old.safetensors\n", data_root=tmp_path))


def test_values_that_cannot_be_used(tmp_path):
    old = saved(tmp_path)
    bad = {name: array.astype(np.float64) for name, array in old.parameters.items()}
    bad["layers.3.bias"][0] = 1e300
    save_file(bad, tmp_path / "old.safetensors")
    with pytest.raises(InvalidNetwork, match="beyond float32"):
        xonet.Model(xonet.loads(f"{TEXT}weights: old.safetensors\n", data_root=tmp_path))


def test_without_training_the_file_is_evaluated(tmp_path):
    old = saved(tmp_path, XO)
    (tmp_path / "net.yaml").write_text(f"weights: old.safetensors\n{XO}{DATA}")
    ran, again = command("run", "net.yaml", cwd=tmp_path), command("evaluate", "net.yaml", "--json", cwd=tmp_path)
    assert ran.returncode == again.returncode == 0, ran.stderr + again.stderr
    assert ran.stdout.startswith("test: loss") and not (tmp_path / "runs").exists()
    assert json.loads(again.stdout)["pictures"] == 40 and old.network.outputs == 2


def test_fine_tuning(tmp_path):
    """A frozen layer keeps the file's weights; the other learns."""
    old = saved(tmp_path, XO)
    text = XO.replace("bias: false", "bias: false, trainable: false")
    more = "  train: {xo: {count: 100}}\n"
    (tmp_path / "net.yaml").write_text(f"weights: old.safetensors\n{text}{DATA}{more}{TRAINING}")
    ran = command("run", "net.yaml", "--out", "out", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    model = xonet.Model.load(tmp_path / "out" / "model.safetensors")
    assert (model.parameters["layers.0.weights"] == old.parameters["layers.0.weights"]).all()
    assert (model.parameters["layers.3.weights"] != old.parameters["layers.3.weights"]).any()
    (tmp_path / "old.safetensors").unlink()  # a model file holds its own
    assert command("evaluate", "out/model.safetensors", cwd=tmp_path).returncode == 0
