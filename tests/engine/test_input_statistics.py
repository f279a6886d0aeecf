"""`mean: train`, `std: train` and mean pictures: in both engines, in files, in copies, and in runs."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest
from safetensors.numpy import load_file

import xonet
from tests.command import xonet as command
from xonet.data import Dataset
from xonet.diagnostics import InvalidNetwork
from xonet.training import Settings, Trainer
from xonet.training.saving import load_checkpoint, save_checkpoint

TEXT = """
xonet: 1
input: {height: 7, width: 11, channels: 3, range: [-1, 1], invert: true, mean: %s, std: %s}
layers:
  - %s
  - dense: {units: 5}
output: {classes: 5}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.01}}, epochs: 1, batch_size: 20}
"""
XO = """
xonet: 1
name: xo
input: {height: 9, width: 9, mean: train, std: train}
layers: [conv2d: {features: 4, kernel_size: 3}, relu, dense: {units: 2}]
output: {classes: [X, O]}
data:
  train: {xo: {count: 200, noise: 0.1}}
  validation: {share: 0.3}
  test: {xo: {count: 40, seed: 2, noise: 0.1}}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 2, seed: 4}
"""
CONV, DENSE = "conv2d: {features: 4, kernel_size: 3, padding: same}", "flatten"
FORMS = [("train", "train"), ("train", "0.5"), ("{file: mean.npy}", "train"), ("{file: mean.npy}", "[1, 2, 3]")]
rng = np.random.default_rng(0)
RAW = rng.integers(0, 256, (60, 7, 11, 3)).astype(np.uint8)
TARGETS = rng.integers(0, 5, 60)
SCALED = (255 - RAW.astype(np.float64)) / 255 * 2 - 1


def network(folder, mean="train", std="train", layer=CONV):
    np.save(folder / "mean.npy", SCALED.mean(0))
    return xonet.loads(TEXT % (mean, std, layer), data_root=folder)


def values(mean, std):
    """The network values of RAW."""
    mean = SCALED.mean((0, 1, 2)) if mean == "train" else SCALED.mean(0)
    return (SCALED - mean) / (SCALED.std((0, 1, 2)) if std == "train" else np.array(json.loads(std)))


@pytest.mark.parametrize("interpret", ["0", "1"])
@pytest.mark.parametrize("layer", [CONV, DENSE])
@pytest.mark.parametrize(("mean", "std"), FORMS)
def test_raw_pictures_become_these_values(monkeypatch, tmp_path, mean, std, layer, interpret):
    monkeypatch.setenv("XONET_INTERPRET", interpret)
    wanted = values(mean, std).astype(np.float32)
    for engine in ("native", "reference"):
        model = xonet.Model(network(tmp_path, mean, std, layer), engine=engine, threads=2)
        model.measure(RAW)
        np.testing.assert_allclose(model.plan.values(RAW), wanted, atol=1e-5, rtol=1e-5)
        for count in (1, 2, 3 if interpret == "1" else 60):  # one picture is another program than many
            np.testing.assert_allclose(model.predict(RAW[:count]), model.predict(wanted[:count]), atol=2e-5)


@pytest.mark.parametrize(("mean", "std"), FORMS)
def test_training_sees_the_same(tmp_path, mean, std):
    models = [xonet.Model(network(tmp_path, mean, std), engine=engine) for engine in ("native", "reference", "native")]
    for model, pictures in zip(models, (RAW, RAW, values(mean, std)), strict=True):
        model.fit((pictures, TARGETS))
    for name, trained in models[0].parameters.items():
        for other in models[1:]:
            np.testing.assert_allclose(trained, other.parameters[name], atol=1e-5)


@pytest.mark.parametrize(("mean", "std"), FORMS)
def test_files_copies_and_pickles_know_them(tmp_path, mean, std):
    model = xonet.Model(network(tmp_path, mean, std))
    model.fit((RAW, TARGETS))
    model.save(tmp_path / "model.safetensors")
    (tmp_path / "mean.npy").unlink()
    expected = model.predict(RAW)
    loaded = xonet.Model.load(tmp_path / "model.safetensors")
    for other in (loaded, pickle.loads(pickle.dumps(model)), copy.copy(model)):
        assert (other.predict(RAW) == expected).all()
        other.statistics.set({name: array + 1 for name, array in other.statistics.arrays.items()})
        assert (model.predict(RAW) == expected).all()  # it is nobody else's


def test_what_is_known_is_not_measured_again(tmp_path):
    model = xonet.Model(network(tmp_path))
    model.fit((RAW, TARGETS))
    before = model.statistics.known
    assert not model.measure(RAW[:3])
    model.fit((RAW[:30], TARGETS[:30]))
    assert all((before[name] == array).all() for name, array in model.statistics.known.items())


def test_a_constant_channel_is_divided_by_one(tmp_path):
    model, raw = xonet.Model(network(tmp_path)), RAW.copy()
    raw[..., 1] = 9
    assert "channel 1 has the same value" in model.measure(raw)[-1]
    assert model.statistics.arrays["input/std"][1] == 1 and np.abs(model.plan.values(raw)[..., 1]).max() < 1e-6


def test_without_data_an_error_says_what_to_do(tmp_path):
    model = xonet.Model(network(tmp_path))
    with pytest.raises(ValueError, match="call fit or measure"):
        model.predict(RAW)
    model.fit((values("train", "train"), TARGETS))  # network values: nothing to measure
    with pytest.raises(ValueError, match="call fit or measure"):
        model.predict(RAW)
    model.save(tmp_path / "model.safetensors")
    assert xonet.Model.load(tmp_path / "model.safetensors").statistics.unknown == ["input/mean", "input/std"]


def test_the_files_own_training_data_are_measured_when_first_needed():
    from xonet.data._sets import load_sets

    model = xonet.Model(xonet.loads(XO))
    sets = load_sets(model.network.document.data, model.network.wanted, 4)
    assert isinstance(sets.train, Dataset) and model.statistics.unknown
    model.predict(sets.test.pictures)
    # without the validation's share
    assert model.statistics.arrays["input/mean"] == np.float32(sets.train.pictures.mean(dtype=np.float64) / 255)
    assert model.statistics.arrays["input/std"] == np.float32(sets.train.pictures.std(dtype=np.float64) / 255)


def test_weights_bring_them_along(tmp_path):
    old = xonet.Model(network(tmp_path))
    old.fit((RAW, TARGETS))
    old.save(tmp_path / "old.safetensors")
    text = TEXT % ("train", "train", CONV) + "weights: old.safetensors\n"
    assert (xonet.Model(xonet.loads(text, data_root=tmp_path)).predict(RAW) == old.predict(RAW)).all()
    with pytest.raises(InvalidNetwork, match="input/mean"):
        xonet.Model(xonet.loads(text.replace("mean: train", "mean: 0"), data_root=tmp_path))
    skipped = text.replace("old.safetensors", "{file: old.safetensors, skip: [input/mean, input/std]}")
    assert xonet.Model(xonet.loads(skipped, data_root=tmp_path)).statistics.unknown


def test_numbers_take_their_place_in_a_model_file(tmp_path):
    old = xonet.Model(network(tmp_path))
    old.fit((RAW, TARGETS))
    old.save(tmp_path / "old.safetensors")
    loaded = xonet.Model.load(tmp_path / "old.safetensors", overrides=["input.mean=0.25"])
    assert [*loaded.statistics.arrays] == ["input/std"] and not loaded.statistics.unknown


def test_runs(tmp_path):
    """Measured once: what is evaluated, resumed and loaded has the same numbers, and no file differs from its run."""
    (tmp_path / "xo.yaml").write_text(XO, encoding="utf-8")
    done = command("run", "xo.yaml", "--set", "training.epochs=1", cwd=tmp_path)
    assert done.returncode == 0 and "note: measured on 14" in done.stderr
    first = load_file(tmp_path / "runs/xo/model.safetensors")
    assert command("validate", "xo.yaml", "runs/xo/model.safetensors", cwd=tmp_path).returncode == 0
    done = command("run", "xo.yaml", "--resume", "--out", "runs/xo", "--overwrite", cwd=tmp_path)
    assert done.returncode == 0 and "measured" not in done.stderr
    then = load_file(tmp_path / "runs/xo/model.safetensors")
    assert all((first[name] == then[name]).all() for name in ("input/mean", "input/std"))
    done = command("evaluate", "xo.yaml", cwd=tmp_path)
    assert done.returncode == 0 and "different settings" not in done.stderr


def test_training_goes_on_with_what_it_began_with(tmp_path):
    models = [xonet.Model(network(tmp_path)) for _ in range(2)]
    trainers = []
    for model, pictures in zip(models, (RAW, RAW // 2), strict=True):  # the data have changed since
        model.measure(pictures)
        trainers.append(Trainer(model, model.dataset((pictures, TARGETS)), None, Settings.of(model.network)))
    save_checkpoint(trainers[0], tmp_path / "checkpoint.safetensors")
    load_checkpoint(trainers[1], tmp_path / "checkpoint.safetensors")
    assert (models[0].predict(RAW) == models[1].predict(RAW)).all()


@pytest.mark.parametrize("mean", ["train", "{file: mean.npy}"])
def test_a_mirror_image_is_made_of_network_values(tmp_path, mean):
    model = xonet.Model(network(tmp_path, mean))
    model.measure(RAW)
    wanted = model.predict(values(mean, "train"), mirror=True)
    np.testing.assert_allclose(model.predict(RAW, mirror=True), wanted, atol=1e-5)


def test_a_run_stops_at_a_missing_picture_before_any_data_is_read(tmp_path):
    text = XO.replace("mean: train", "mean: {file: gone.npy}").replace(
        "{xo: {count: 200, noise: 0.1}}", "{images: {folder: gone}}"
    )
    (tmp_path / "xo.yaml").write_text(text, encoding="utf-8")
    done = command("run", "xo.yaml", cwd=tmp_path)
    assert done.returncode == 1 and "gone.npy" in done.stderr and "Traceback" not in done.stderr


def test_rows_of_numbers_have_one_for_each_feature(tmp_path):
    text = "xonet: 1\ninput: {features: 6, mean: %s, std: train}\nlayers: [dense: {units: 2}]\noutput: {classes: 2}\n"
    raw = RAW.reshape(-1, 6)
    np.save(tmp_path / "row.npy", raw.mean(0) / 255)
    for mean in ("train", "{file: row.npy}"):
        model = xonet.Model(xonet.loads(text % mean, data_root=tmp_path))
        model.measure(raw)
        wanted = (raw / 255 - raw.mean(0) / 255) / (raw / 255).std(0)
        np.testing.assert_allclose(model.plan.values(raw), wanted, atol=1e-5)
        np.testing.assert_allclose(model.predict(raw), model.predict(wanted), atol=1e-5)
