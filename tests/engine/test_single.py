"""One picture at a time computes what the reference computes, sees every change of a parameter, on any threads."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.engine.test_native import CONV, JOINS, POOL, RELUS, close, plans, traced
from tests.layers.contract import make, spread
from tests.members import cases, own_tests
from xonet.engine.native_engine import FEW, NativeEngine
from xonet.engine.reference import ReferenceEngine
from xonet.layers import LAYERS, _single, _single_site, _winograd_of_one
from xonet.model import Model
from xonet.network import loads


@pytest.fixture(autouse=True)
def shared_rows(monkeypatch):
    """Even small layers are shared out between threads."""
    share_rows(monkeypatch)


def share_rows(monkeypatch):
    monkeypatch.setattr(_single, "SHARED", 100)
    monkeypatch.setattr(_winograd_of_one, "SHARED", 100)
    monkeypatch.setattr(_single_site, "WORTH_SHARING", 2)


def compare(operations, alone=True):
    shape = operations[0].inputs[0].shape
    affine = {name: np.linspace(0.01, 0.02, shape[-1], dtype=np.float32) for name in ("factors", "offsets")}
    fast, slow = (replace(plan, **affine) for plan in plans(operations))
    x = spread(np.random.default_rng(3), (FEW, *shape)).astype(np.float32)
    raw = np.random.default_rng(4).integers(0, 256, x.shape).astype(np.uint8)
    results = []
    for threads in (1, 2):
        engine = NativeEngine(fast, threads)
        for pictures in (x, raw):
            expected = ReferenceEngine(slow).scores(pictures)
            for count in (1, 2, FEW):
                scores = engine.scores(pictures[:count])
                close(scores, expected[:count])
                results.append(scores.tobytes())
        assert all(bool(engine._singles[raw]) == alone for raw in (True, False))
    assert results[: len(results) // 2] == results[len(results) // 2 :]


def in_several_groups(layer):
    """Whether it is a convolution in groups, which has no rows for one picture."""
    return hasattr(layer, "kernel_size") and getattr(layer, "groups", 1) > 1


@pytest.mark.parametrize(
    ("word", "knobs", "shape"), [case for case in cases(LAYERS) if not isinstance(case.values[2], list)]
)
@pytest.mark.parametrize("first", [True, False])
def test_every_layer(word, knobs, shape, first):
    layers = [make(word, knobs)]
    if not first:
        before = {"conv2d": {"features": shape[-1], "kernel_size": 1}} if len(shape) == 3 else "tanh"
        layers.insert(0, LAYERS.make(before))
    # a layer that has no rows for one picture yet says so in its test, with IN_GROUPS = True
    in_groups = getattr(own_tests(LAYERS, word), "IN_GROUPS", False)
    in_groups |= in_several_groups(layers[-1]) or (knobs.get("multiplier", 1) > 1 and shape[-1] > 1)
    compare(traced(layers, shape), alone=not in_groups)


WIDE = {"conv2d": {"features": 40, "kernel_size": 3, "padding": "same"}}
# where channels do not fill up sixteens, where rows keep a picture's gaps, and where a batch_norm is taken in
NARROW = {"conv2d": {"features": 2, "kernel_size": 1, "padding": [[1, 0], [1, 0]]}}
MEAN = {"conv2d": {"features": 3, "kernel_size": 2, "bias": False, "reduce": "mean"}}
NETWORKS = [
    *JOINS,
    [WIDE, "batch_norm", "relu", WIDE, POOL, "flatten", "tanh", {"dense": {"units": 35}}, "relu"],
    [CONV, "batch_norm", {"residual": {"layers": ["batch_norm", "relu"]}}, {"dense": {"units": 20}}, "softmax"],
    [MEAN, "batch_norm", "sigmoid", "flatten"],
    [WIDE, {"batch_norm": {"scale": False}}, "relu", WIDE, {"batch_norm": {"shift": False}}, "relu", NARROW],
    [CONV, {"batch_norm": {"scale": False, "shift": False}}, "tanh", {"batch_norm": {"scale": False}}, "relu"],
    [WIDE, {"group_norm": {"groups": 5}}, "relu", CONV, "layer_norm", "relu", POOL],
    [WIDE, {"branches": {"paths": [["relu"], [CONV, NARROW]]}}, "global_avg_pool2d"],
    ["flatten", {"dense": {"units": 20}}, "softmax"],
    ["flatten"],
]


@pytest.mark.parametrize("layers", [*RELUS, *NETWORKS], ids=str)
def test_networks(layers):
    layers = layers if isinstance(layers, list) else [CONV, layers, {"dense": {"units": 2}}]
    compare(traced([LAYERS.make(layer) for layer in layers], (8, 9, 2)))


KNOBS = [{}, {"padding": "same"}, {"padding": [[2, 0], [1, 3]]}, {"stride": 2}, {"stride": [2, 1]}, {"dilation": 2}]


@pytest.mark.parametrize("shape", [(12, 30, 1), (13, 20, 1), (9, 9, 3), (6, 7, 1)], ids=str)
@pytest.mark.parametrize("knobs", KNOBS, ids=str)
@pytest.mark.parametrize("between", [[], ["relu"], ["batch_norm", "relu"], ["tanh"]], ids=str)
def test_first_convolutions(shape, knobs, between):
    layers = [{"conv2d": {"features": 6, "kernel_size": 3, **knobs}}, *between, POOL]
    compare(traced([LAYERS.make(layer) for layer in layers], shape))


@pytest.mark.parametrize("shape", [(8, 8, 16), (13, 6, 48), (30, 19, 32)], ids=str)
@pytest.mark.parametrize("padding", [0, 1, [[2, 0], [1, 2]]], ids=str)
@pytest.mark.parametrize("features", [16, 40, 64])
def test_fewer_multiplications(shape, padding, features):
    conv = {"conv2d": {"features": features, "kernel_size": 3, "padding": padding, "bias": features != 16}}
    first = {"conv2d": {"features": shape[-1], "kernel_size": 1}}
    behind = ["batch_norm", "relu"] if features == 64 else [{"residual": {"layers": ["tanh"]}}]
    compare(traced([LAYERS.make(layer) for layer in (first, conv, *behind)], shape))


SGD = {"sgd": {"learning_rate": 0.1}}
TEXT = """
xonet: 1
input: {height: 6, width: 5}
layers:
  - conv2d: {features: 3, kernel_size: 2}
  - batch_norm
  - dense: {units: 2}
"""


def test_every_change_of_a_parameter_is_seen():
    model = Model(loads(TEXT), seed=0, threads=1)
    x = np.random.default_rng(0).normal(size=(1, 6, 5, 1)).astype(np.float32)
    held = model.parameters["layers.0.weights"]
    slice_of_held = held[0].reshape(-1)[1:]
    seen = [model.predict(x)]

    def changed():
        seen.append(model.predict(x))
        close(seen[-1], ReferenceEngine(model.plan).scores(x))
        assert not np.array_equal(seen[-1], seen[-2])

    held += 1
    changed()
    del held
    model.predict(x)
    slice_of_held[0] = 5
    changed()
    del slice_of_held
    model.predict(x)
    assert not model.plan.memory.borrowed
    model.parameters["layers.1.variance"][...] = 3
    changed()
    model.plan.flat[:] *= 1.5
    changed()
    model.fit((np.repeat(x, 8, 0), np.arange(8) % 2), epochs=1, loss="cross_entropy", optimizer=SGD)
    changed()
    model.predict(x)
    assert not model.plan.memory.borrowed


def test_scores_are_the_callers_own():
    model = Model(loads(TEXT), seed=0)
    x = np.ones((1, 6, 5, 1), np.float32)
    first = model.predict(x)
    kept = first.copy()
    model.predict(-x)
    assert np.array_equal(first, kept) and first.flags.owndata
    close(model.predict(x.astype(np.float64)), kept)
    close(model.predict(np.asfortranarray(x)), kept)


@pytest.mark.parametrize(
    "other", [None, 3, [[1.0]], np.float32(1), np.ones((1, 6, 5, 1), np.uint8)[..., 0], np.ones((2, 6, 5, 1))], ids=repr
)
def test_only_arrays_of_one_picture_take_the_short_way(other):
    model = Model(loads(TEXT), seed=0)
    x = np.random.default_rng(0).normal(size=(6, 5, 1)).astype(np.float32)[None]
    expected = model.predict(x)
    assert model.engine.quick(other) is None
    assert model.engine.quick(x.astype(">f4")) is None and model.engine.quick(x[:, ::-1]) is None
    assert np.array_equal(model.predict(x), expected) and np.array_equal(model.predict(x.tolist()), expected)


def test_arrays_are_given_back():
    model, x = Model(loads(TEXT), seed=0), np.ones((1, 6, 5, 1), np.float32)
    model.predict(x)
    before = sys.getrefcount(x)
    scores = model.predict(x)
    assert sys.getrefcount(x) == before and sys.getrefcount(scores) == 2
