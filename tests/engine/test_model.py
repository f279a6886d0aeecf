"""The model as Python sees it: predict, gradients, parameters, fit, save and load."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import numpy as np
import pytest

import xonet
from tests.cli.conftest import SMALL
from xonet.data import DataError, Dataset
from xonet.engine.plan import Epoch, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.training import History, LossIsNaN

BARE = """\
xonet: 1
input: {height: 5, width: 4, channels: 2, range: [-1, 1], mean: [0.5, 0], std: [1, 2]}
layers:
  - conv2d: {name: first, features: 3, kernel_size: 2}
  - tanh
  - dense: {units: 3}
output: {classes: [a, b, c]}
"""
VALUES = BARE.replace("classes: [a, b, c]", "values: 3")
TRAINING = {"loss": "cross_entropy", "optimizer": {"adam": {"learning_rate": 0.02}}, "epochs": 3}
RAW = np.random.default_rng(0).integers(0, 256, (40, 5, 4, 2), np.uint8)
CLASSES = np.arange(40) % 3


def build(text=BARE, **options):
    return xonet.Model(xonet.loads(text), **options)


def test_load_and_build(tmp_path):
    (tmp_path / "net.yaml").write_text(SMALL)
    model = xonet.Model(xonet.load(tmp_path / "net.yaml"), seed=5)
    other = xonet.Model(xonet.load(tmp_path / "net.yaml", ["training.seed=5"]))
    assert model.plan.flat.any() and (model.plan.flat == other.plan.flat).all()
    assert (model.plan.flat != xonet.Model(xonet.loads(SMALL)).plan.flat).any()
    with pytest.raises(xonet.InvalidNetwork) as raised:
        xonet.loads(SMALL.replace("relu", "rellu"))
    assert [finding.code for finding in raised.value.diagnostics] == ["unknown-layer"]


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_bytes_are_raw_and_floats_are_network_values(engine):
    model = build(engine=engine)
    values = (RAW / 255 * 2 - 1 - [0.5, 0]) / [1, 2]
    raw, ready = model.predict(RAW), model.predict(values)
    assert raw.shape == (40, 3) and raw.dtype == np.float32
    assert np.abs(raw - ready).max() < 1e-5 and np.ptp(raw) > 0.1
    assert (model.predict(values.astype(np.float32)) == ready).all()
    # natively a picture's scores do not depend on its neighbours at all
    assert np.abs(model.predict(RAW[3:4]) - raw[3:4]).max() <= (0 if engine == "native" else 1e-6)
    assert model.predict(RAW[:0]).shape == (0, 3)
    assert (model.predict(np.asfortranarray(RAW)) == raw).all()
    probabilities = model.probabilities(raw)
    assert np.allclose(probabilities.sum(axis=1), 1) and (probabilities.argmax(1) == raw.argmax(1)).all()


def test_parameters_are_writable_views():
    model = build()
    assert {name: array.shape for name, array in model.parameters.items()} == {
        "first.weights": (3, 2, 2, 2), "first.bias": (3,), "layers.2.weights": (3, 36), "layers.2.bias": (3,),
    }  # fmt: skip
    before = model.predict(RAW)
    model.parameters["layers.2.bias"] += [1, 2, 3]
    assert np.allclose(model.predict(RAW) - before, [1, 2, 3], atol=1e-5)
    model.parameters["layers.2.weights"][...] = 0
    assert np.allclose(model.predict(RAW), model.parameters["layers.2.bias"])


@pytest.mark.parametrize(
    ("text", "targets"), [(BARE, CLASSES), (VALUES, np.random.default_rng(1).normal(size=(40, 3)))]
)
@pytest.mark.parametrize("engine", ["native", "reference"])
def test_gradients_are_those_of_the_mean_loss(engine, text, targets):
    """By central differences of the loss that the reference computes in float64."""
    model = build(text, engine=engine)
    assert type(model.loss).__name__ == ("CrossEntropy" if text is BARE else "SquaredError")
    kept = model.plan.flat.copy()
    loss, gradients = model.gradients(RAW, targets)
    assert (model.plan.flat == kept).all() and gradients.keys() == model.parameters.keys()
    precise = replace(model.plan, numbers=model.plan.flat.astype(np.float64))
    reference = ReferenceEngine(precise)
    aimed = model.dataset((RAW, targets)).targets

    def loss_at():
        scores, _ = reference.gradient(Recipe(model.loss, len(RAW)), RAW, aimed)
        return model.mean_loss(scores, aimed)

    assert loss == pytest.approx(loss_at(), rel=1e-5)
    views = model.plan.places.views(precise.flat)
    for name, gradient in gradients.items():
        for place in list(np.ndindex(gradient.shape))[:: max(1, gradient.size // 6)]:
            was = views[name][place]
            around = []
            for step in (1e-5, -1e-5):
                views[name][place] = was + step
                around.append(loss_at())
            views[name][place] = was
            assert gradient[place] == pytest.approx((around[0] - around[1]) / 2e-5, rel=1e-3, abs=1e-5), (name, place)


def test_gradients_again_and_again_take_no_more_memory():
    model = build()
    first, _ = model.gradients(RAW, CLASSES)
    for count in (1, 5, 40, 40):
        model.gradients(RAW[:count], CLASSES[:count])
    assert model.gradients(RAW, CLASSES)[0] == first
    assert len(model.engine._runners) == 1


def test_fit_on_arrays():
    model = build()
    history = model.fit((RAW, CLASSES), validation=(RAW[:9], CLASSES[:9]), **{**TRAINING, "epochs": 80})
    assert isinstance(history, History) and len(history) == 80
    assert history[-1]["accuracy"] == 1 and history[-1]["validation_accuracy"] == 1
    assert (model.predict(RAW).argmax(axis=1) == CLASSES).all()
    assert model.fit((RAW, CLASSES), **TRAINING)[-1]["epoch"] == 3, "and once more, from there"


def test_fit_on_a_dataset_with_overriding_keywords():
    network = xonet.loads(SMALL)
    data = network.document.data.train.load(network.wanted)
    optimizer = {"sgd": {"learning_rate": 0.1}}
    history = xonet.Model(network).fit(data, validation=data, epochs=2, batch_size=100, optimizer=optimizer)
    assert len(history) == 2


def test_the_seed_of_build_is_the_seed_of_fit():
    flats = []
    for seed in (3, 3, 4):
        model = build(seed=3)
        model.seed = seed
        model.fit((RAW, CLASSES), **TRAINING)
        flats.append(model.plan.flat.copy())
    assert (flats[0] == flats[1]).all() and (flats[0] != flats[2]).any()


def test_regression():
    model = build(VALUES)
    targets = np.stack([RAW.mean(axis=(1, 2, 3)), RAW[:, 0, 0, 0], RAW[:, 4, 3, 1]], axis=1) / 255
    history = model.fit(Dataset(RAW, targets), **{**TRAINING, "loss": "squared_error", "epochs": 200})
    assert history[-1]["loss"] < 0.01 and "accuracy" not in history[-1]
    assert np.abs(model.predict(RAW) - targets).mean() < 0.05
    scores = model.predict(RAW)
    assert model.network.score_names == ("0", "1", "2") and scores.dtype == np.float32


def test_whole_numbers_are_values_where_the_network_has_no_classes():
    one = build(VALUES.replace("values: 3", "values: [age]").replace("units: 3", "units: 1"))
    history = one.fit((RAW, np.arange(40)), loss="absolute_error", optimizer={"sgd": {"learning_rate": 0.01}}, epochs=1)
    assert history[0]["loss"] == pytest.approx(19.5, abs=5) and one.network.score_names == ("age",)


WRONG_PICTURES = [
    (RAW[..., 0], "pictures of shape (n, 5, 4, 2) are needed, not (40, 5, 4)"),
    (RAW[0], "pictures of shape (n, 5, 4, 2) are needed, not (5, 4, 2); for one picture, give pictures[None]"),
    (RAW.reshape(40, -1), "pictures of shape (n, 5, 4, 2) are needed, not (40, 40)"),
    (RAW.astype(int), "pictures must be uint8 (raw, 0 to 255) or float (network values), not int64"),
    (["a", "b"], "pictures must be uint8 (raw, 0 to 255) or float (network values), not <U1"),
    (np.float32(1), "pictures of shape (n, 5, 4, 2) are needed, not ()"),
]


@pytest.mark.parametrize(("pictures", "said"), WRONG_PICTURES, ids=[str(n) for n in range(len(WRONG_PICTURES))])
def test_wrong_pictures(pictures, said):
    model = build()
    for use in (model.predict, lambda x: model.gradients(x, CLASSES), lambda x: model.fit((x, CLASSES), **TRAINING)):
        with pytest.raises(ValueError) as raised:
            use(pictures)
        assert str(raised.value) == said


def test_a_missing_channel_is_said():
    model = xonet.Model(xonet.loads(SMALL))
    with pytest.raises(ValueError, match=r"needed, not \(7, 9, 9\); give pictures\[..., None\]"):
        model.predict(np.zeros((7, 9, 9)))


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (CLASSES[:39], "40 pictures but 39 targets: each picture needs one"),
        (CLASSES + 1, "class numbers must be from 0 to 2, not 1 to 3"),
        (CLASSES - 1, "class numbers must be from 0 to 2, not -1 to 1"),
        (CLASSES.astype(float), "class numbers of shape (n,), or values of shape (n, 3), are needed as targets, not"),
        (np.zeros((40, 2)), "class numbers of shape (n,), or values of shape (n, 3), are needed as targets, not"),
        (np.zeros((40, 3, 1)), "class numbers of shape (n,), or values"),
        (["a"] * 40, "targets must be class numbers or values, not <U1"),
        (None, "training needs targets"),
    ],
)
def test_wrong_targets(targets, said):
    model = build()
    for use in (lambda: model.gradients(RAW, targets), lambda: model.fit((RAW, targets), **TRAINING)):
        with pytest.raises(ValueError) as raised:
            use()
        assert str(raised.value).startswith(said)


def test_nothing_to_learn_from():
    model = build()
    with pytest.raises(ValueError, match="at least one picture"):
        model.gradients(RAW[:0], CLASSES[:0])
    with pytest.raises(ValueError, match="at least one picture"):
        model.fit((RAW[:0], CLASSES[:0]), **TRAINING)


def test_a_loss_that_is_no_number_is_raised():
    model = build()
    kept = model.plan.flat.copy()
    with pytest.raises(LossIsNaN):
        model.fit((np.full((40, 5, 4, 2), np.inf), CLASSES), **TRAINING)
    assert (model.plan.flat == kept).all()


@pytest.mark.parametrize("text", [BARE, SMALL], ids=["bare", "small"])
def test_save_and_load_keep_every_bit(tmp_path, text):
    model = xonet.Model(xonet.loads(text, overrides=["input.invert=true"]), seed=9)
    model.save(tmp_path / "model.safetensors")
    again = xonet.Model.load(tmp_path / "model.safetensors")
    assert again.network.text == text and again.network.overrides == ("input.invert=true",)
    assert again.parameters.keys() == model.parameters.keys()
    assert all((again.parameters[name] == array).all() for name, array in model.parameters.items())
    x = np.zeros((2, *model.network.shape), np.uint8)
    assert (again.predict(x) == model.predict(x)).all()


def test_load_with_overrides(tmp_path):
    path = tmp_path / "model.safetensors"
    xonet.Model(xonet.loads(SMALL)).save(path)
    other = xonet.Model.load(path, overrides=["data.test.xo.seed=8"], data_root=tmp_path)
    assert other.network.document.data.test.seed == 8 and other.network.root == tmp_path
    with pytest.raises(DataError, match=r"of a different network: this one has layers\.0\.weights of shape"):
        xonet.Model.load(path, overrides=["layers.0.conv2d.features=7"])
    with pytest.raises(xonet.InvalidNetwork):
        xonet.Model.load(path, overrides=["layers.0.conv2d.featurs=7"])


def test_a_model_may_be_asked_from_several_threads():
    model = build()
    expected, found = model.predict(RAW), []

    def ask(count):
        for _ in range(50):
            found.append((model.predict(RAW[:count]) == expected[:count]).all())

    threads = [threading.Thread(target=ask, args=(count,)) for count in (40, 17, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 150 and all(found)


def test_outputs_of_every_layer():
    model = build()
    outputs = list(model.outputs(RAW))
    assert [(operation.path, values.shape) for operation, values in outputs] == [
        ("first", (40, 4, 3, 3)), ("layers.1", (40, 4, 3, 3)), ("layers.2", (40, 3)),
    ]  # fmt: skip
    assert np.abs(outputs[-1][1] - model.predict(RAW)).max() < 1e-5


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system does not say")
def test_training_leaves_the_caller_its_processors():
    before = os.sched_getaffinity(0)
    sgd = OPTIMIZERS.make({"sgd": {"learning_rate": 0.1}})
    recipe, model = Recipe(LOSSES.make("cross_entropy"), 64, optimizer=sgd), build(threads=len(before))
    pictures, order = np.zeros((64, 5, 4, 2), np.float32), np.resize(np.arange(64), 640_000)
    epoch = Epoch(pictures, np.zeros(64, np.int64), order, np.full(10_000, 0.1, np.float32))
    model.engine.train(recipe, State.new(sgd, model.plan.places), epoch)
    assert os.sched_getaffinity(0) == before


def test_numbers_that_overflow_warn_of_nothing():
    text = """\
xonet: 1
input: {height: 1, width: 9}
layers: [{dense: {units: 3, init: {uniform: {low: -3.4e+38}}}}, softmax]
"""
    model = build(text)
    scores = [values for _, values in model.outputs(np.full((2, 1, 9, 1), 255, np.uint8))][-1]
    assert not np.isfinite(scores).all()
