"""Averages of weights, and layers frozen for a while: resumed trainings, further calls of fit, what is evaluated."""

from __future__ import annotations

import copy

import numpy as np
import pytest

import xonet
from xonet.losses import LOSSES
from xonet.training.loop import Trainer
from xonet.training.metrics import Meter
from xonet.training.saving import load_checkpoint, save_checkpoint
from xonet.training.settings import Settings

NETWORK = xonet.loads("""
xonet: 1
input: {height: 5, width: 4}
layers:
  - conv2d: {features: 4, kernel_size: 2, trainable: {after: 2}}
  - batch_norm: {trainable: {until: 3}}
  - tanh
  - dense: {units: 3}
""")
PLAIN = xonet.loads(NETWORK.text.replace(", trainable: {after: 2}", "").replace(": {trainable: {until: 3}}", ""))
X = np.random.default_rng(1).normal(size=(70, 5, 4, 1)).astype(np.float32)
DATA = (X, np.arange(70) % 3)
BASE = {"loss": "cross_entropy", "optimizer": {"adam": {"learning_rate": 0.01}}, "batch_size": 16}
CHOICES = {
    "plain": {},
    "ema": {"ema": {"decay": 0.9}, "accumulate": 2},
    "swa": {"swa": {"from": 2}, "gradient_clip": {"norm": 0.5}},
}


def trainer(epochs=5, **more):
    model = xonet.Model(NETWORK, seed=3)
    data = model.dataset(DATA)
    return Trainer(model, data, data, Settings.of(NETWORK, epochs=epochs, **BASE, **more))


def numbers(model):
    return model.plan.flat.copy()


@pytest.mark.parametrize("choice", CHOICES)
def test_resumed_to_the_bit(choice, tmp_path):
    whole = trainer(**CHOICES[choice])
    for stop in (1, 3, 4):
        first = trainer(**CHOICES[choice])
        first.on_epoch = lambda row, first=first, stop=stop: (
            save_checkpoint(first, tmp_path / str(stop)) if row["epoch"] == stop else None
        )
        first.run()
    whole.run()
    for stop in (1, 3, 4):
        second = trainer(**CHOICES[choice])
        assert load_checkpoint(second, tmp_path / str(stop)) == []
        second.run()
        assert np.array_equal(numbers(second.model), numbers(whole.model))
        strip = [{name: value for name, value in row.items() if name != "seconds"} for row in second.history]
        assert strip == [{name: value for name, value in row.items() if name != "seconds"} for row in whole.history]


@pytest.mark.parametrize("choice", ["plain", "ema"])
def test_two_calls_are_one(choice):
    one, two = xonet.Model(PLAIN), xonet.Model(PLAIN)
    one.fit(DATA, epochs=4, **BASE, **CHOICES[choice])
    two.fit(DATA, epochs=2, **BASE, **CHOICES[choice])
    two = copy.deepcopy(two)
    two.fit(DATA, epochs=2, **BASE, **CHOICES[choice])
    assert np.array_equal(numbers(one), numbers(two))


def test_after_swa_training_goes_on_with_its_own_weights():
    one, two = xonet.Model(PLAIN), xonet.Model(PLAIN)
    one.fit(DATA, epochs=4, **BASE)
    two.fit(DATA, epochs=3, **BASE, swa={"from": 2})
    two.fit(DATA, epochs=1, **BASE)
    assert np.array_equal(numbers(one), numbers(two))


def test_weights_that_were_set_are_kept():
    """Whoever writes to the parameters between two calls goes on from what was written."""
    model, other = xonet.Model(PLAIN), xonet.Model(PLAIN)
    steady = {**BASE, "optimizer": {"sgd": {"learning_rate": 0.01}}, "shuffle": False}
    model.fit(DATA, epochs=1, **steady, ema={"decay": 0.9})
    model.parameters["layers.3.bias"] = np.ones(3)
    other.plan.flat[...] = numbers(model)
    model.fit(DATA, epochs=1, **steady)
    other.fit(DATA, epochs=1, **steady)
    assert np.array_equal(numbers(model), numbers(other))


@pytest.mark.parametrize("choice", ["ema", "swa"])
def test_what_is_evaluated(choice):
    """With ema an epoch's validation sees the average, which the model has in the end; swa's mean is for the end."""
    model = xonet.Model(PLAIN)
    history = model.fit(DATA, DATA, epochs=3, **BASE, **CHOICES[choice])
    found = Meter(LOSSES.make("cross_entropy"), DATA[1])
    found(0, model.predict(X))
    same = history[-1]["validation_loss"] == pytest.approx(found.row["loss"], rel=1e-5)
    assert same is (choice == "ema")


def test_a_checkpoint_without_the_average_begins_one(tmp_path):
    first = trainer(epochs=2)
    first.on_epoch = lambda row: save_checkpoint(first, tmp_path / "without")
    first.run()
    second = trainer(epochs=3, ema={"decay": 0.5})
    assert load_checkpoint(second, tmp_path / "without") == []
    assert second.recipe.average.begun == 2 * second.timeline.updates_per_epoch
    second.run()
    third = trainer(epochs=3)
    third.run()
    kept = slice(second.model.plan.places.trained, None)
    assert np.array_equal(numbers(third.model)[kept], numbers(second.model)[kept])
    save_checkpoint(second, tmp_path / "with")
    fourth = trainer(epochs=4)
    assert "training.ema is gone" in " ".join(load_checkpoint(fourth, tmp_path / "with"))
    assert np.array_equal(numbers(fourth.model), numbers(third.model))


@pytest.mark.parametrize(
    ("knobs", "fault"),
    [
        ({"gradient_clip": {"norm": 0}}, "gradient_clip"),
        ({"accumulate": 0}, "accumulate"),
        ({"swa": {"from": 0}}, "swa"),
    ],
)
def test_settings_are_checked_as_in_a_file(knobs, fault):
    with pytest.raises(ValueError, match=fault):
        xonet.Model(PLAIN).fit(DATA, epochs=1, **BASE, **knobs)
