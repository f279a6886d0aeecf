"""Scores averaged over a picture and its mirror image."""

from __future__ import annotations

import json

import numpy as np
import pytest

import xonet
from tests.command import xonet as command
from xonet.network import check

TEXT = """
xonet: 1
input: {height: 9, width: 9, mean: 0.5}
layers:
  - conv2d: {features: 3, kernel_size: 3}
  - batch_norm
  - relu
  - dense: {units: 2}
output: {classes: [X, O]}
"""
ROW = "xonet: 1\ninput: {features: 9}\nlayers: [dense: {units: 2}]\noutput: {classes: [X, O]}\n"
OWN = "xonet: 1\ninput: {height: 9, width: 9}\nlayers: [dense: {units: 81}]\ndata: {targets: input}\n"


@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize("count", [0, 1, 3, 40, 1030])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_mean_of_both(engine, count, dtype):
    rng = np.random.default_rng(count)
    x = rng.integers(0, 256, (count, 9, 9, 1)).astype(dtype)
    model = xonet.Model(xonet.loads(TEXT), seed=1, engine=engine)
    found = model.predict(x, mirror=True)
    wanted = (model.predict(x).astype(np.float64) + model.predict(x[:, :, ::-1])) / 2
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
    assert found.shape == (count, 2)
    if count:
        assert (found != model.predict(x)).any()
        np.testing.assert_array_equal(found, model.predict(np.ascontiguousarray(x[:, :, ::-1]), mirror=True))


@pytest.mark.parametrize(("text", "says"), [(ROW, "row of numbers"), (OWN, "gives back")])
def test_what_has_no_mirror_image(text, says, tmp_path):
    network = xonet.loads(text)
    with pytest.raises(ValueError, match=says):
        xonet.Model(network).predict(np.zeros((1, *network.shape), np.float32), mirror=True)
    (tmp_path / "net.yaml").write_text(f"{text}predict: {{mirror: true}}\n")
    found = [finding for finding in check(tmp_path / "net.yaml")[1] if finding.severity == "error"]
    assert [finding.code for finding in found] == ["conflicting-knobs"] and says in found[0].message


def test_commands_average(tmp_path):
    """`test` is what `run` and `evaluate` do; `evaluate` may say otherwise, and so may the command."""
    data = "data: {train: {xo: {count: 200}}, test: {xo: {count: 300, seed: 2, shift: 2, noise: 0.3}}}\n"
    more = "training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.05}}, epochs: 1}\n"
    (tmp_path / "net.yaml").write_text(f"{TEXT}{data}{more}test: {{mirror: true}}\n")
    ran = command("run", "net.yaml", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr

    def loss(*options):
        done = command("evaluate", "net.yaml", "--json", *options, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)["loss"]

    tested = json.loads((tmp_path / "runs/net/result.json").read_text())["test"]["loss"]
    assert loss() == loss("--mirror") == tested
    (tmp_path / "net.yaml").write_text(f"{TEXT}{data}{more}test: {{mirror: true}}\nevaluate: {{mirror: false}}\n")
    model = "runs/net/model.safetensors"
    plain = command("evaluate", model, "--json", "--set", "evaluate.mirror=false", cwd=tmp_path)
    assert json.loads(plain.stdout)["loss"] != tested
