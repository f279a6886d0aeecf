"""Everything that the contract tests run natively, run once as plain Python: the same numbers, and no rule broken.

Workers share what they can, however little it is. Where a compiled sum of products is rounded otherwise than here, it
is by a float32's last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.engine.test_native import JOINS, NORMS, RELUS, SMALL, TILED, plans, traced
from tests.layers.contract import make, spread
from tests.members import cases
from xonet.data.augment import AUGMENTATIONS
from xonet.engine import native_engine
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Epoch, Recipe, State
from xonet.language.words import example
from xonet.layers import LAYERS, _single, _single_site, _winograd_of_one
from xonet.layers.dense import native as dense
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.program import rows

TOLERANCE = 2e-6
"""Of the largest number."""
SQUARED, SGD = LOSSES.make("squared_error"), OPTIMIZERS.make({"sgd": {"learning_rate": 0.1}})


@pytest.fixture(autouse=True)
def shared_work(monkeypatch):
    monkeypatch.setattr(rows, "WORTH_SHARING", 1)
    monkeypatch.setattr(_single, "SHARED", 100)
    monkeypatch.setattr(_winograd_of_one, "SHARED", 100)
    monkeypatch.setattr(_single_site, "WORTH_SHARING", 2)
    monkeypatch.setattr(dense, "WIDE", 1)


@pytest.fixture
def both(monkeypatch):
    """What a function gives of an engine that interprets, and of one that does not, must be alike."""

    def check(results, operations, threads):
        found = []
        for interpret in "10":
            monkeypatch.setenv("XONET_INTERPRET", interpret)
            channels = operations[0].inputs[0].shape[-1]
            affine = {name: np.linspace(0.01, 0.02, channels, dtype=np.float32) for name in ("factors", "offsets")}
            plan = replace(next(plans(operations)), **affine)
            found.append([*results(NativeEngine(plan, threads))])
        for mine, native in zip(*found, strict=True):
            assert np.isfinite(mine).all()
            assert np.abs(mine - native).max(initial=0) <= TOLERANCE * max(1e-3, np.abs(native).max(initial=0))

    return check


def pictures_and_targets(engine, count):
    shape = engine.plan.operations[0].inputs[0].shape
    x = spread(np.random.default_rng(3), (count, *shape)).astype(np.float32)
    return x, np.random.default_rng(4).normal(size=(count, engine.plan.outputs)).astype(np.float32)


def gradient(count, loss=SQUARED, augment=()):
    def results(engine) -> Iterator[np.ndarray]:
        x, targets = pictures_and_targets(engine, count)
        yield from engine.gradient(Recipe(loss, count, seed=5, augment=augment), x, targets, step=6)

    return results


def scores(engine) -> Iterator[np.ndarray]:
    """Of groups."""
    yield engine.scores(pictures_and_targets(engine, native_engine.FEW + 7)[0])


def scores_of_one(engine) -> Iterator[np.ndarray]:
    """Twice, of bytes and of values."""
    x, _ = pictures_and_targets(engine, 2)
    yield engine.scores(x)
    yield engine.scores(np.uint8(np.abs(x)))


ONE_WAY = [case for case in cases(LAYERS) if not isinstance(case.values[2], list)]


@pytest.mark.parametrize(("word", "knobs", "shape"), ONE_WAY)
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_every_layer_in_training(word, knobs, shape, threads, both):
    # behind a layer with weights, so that there is a gradient of its input
    before = (
        {"conv2d": {"features": shape[-1], "kernel_size": 1}} if len(shape) == 3 else {"dense": {"units": shape[0]}}
    )
    both(gradient(3), traced([LAYERS.make(before), make(word, knobs)], shape), threads)


@pytest.mark.parametrize(("word", "knobs", "shape"), ONE_WAY)
def test_every_layer_outside_training(word, knobs, shape, both):
    operations = traced([make(word, knobs)], shape)
    both(scores, operations, 2)
    both(scores_of_one, operations, 2)


def small(layers):
    """Networks of `NORMS` and `RELUS` whose layers are narrow enough to be interpreted in a second or two."""
    return all("72" not in str(layer) for layer in layers)


@pytest.mark.parametrize("layers", [*RELUS, *filter(small, NORMS)], ids=str)
@pytest.mark.parametrize("threads", [1, 2])
def test_layers_that_do_the_work_of_others(layers, threads, both):
    shape = (8, 9, 2) if layers in RELUS else (3, 4, 17)
    both(gradient(3), traced([LAYERS.make(layer) for layer in layers], shape), threads)


@pytest.mark.parametrize("layer", JOINS, ids=str)
def test_joins(layer, both):
    layers = [make("conv2d", {"features": 3, "kernel_size": 2}), LAYERS.make(layer), make("dense", {"units": 2})]
    operations = traced(layers, (5, 4, 2))
    for threads in (1, 2, 5):
        both(gradient(3), operations, threads)
    both(scores_of_one, operations, 2)


@pytest.mark.parametrize(("shape", "knobs"), TILED[:1], ids=str)
def test_convolutions_with_fewer_products(shape, knobs, both):
    layers = [make("conv2d", {"features": 16, "kernel_size": 1}), make("conv2d", {"kernel_size": 3, **knobs})]
    operations = traced(layers, (4, 4, 16))
    both(gradient(1), operations, 2)
    both(scores_of_one, operations, 2)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_groups_and_slots(threads, both):
    both(gradient(35), traced([LAYERS.make(layer) for layer in SMALL], (6, 5, 1)), threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_dense_layers_that_take_all_groups_at_once(threads, both):
    layers = [make("dense", {"units": 40}), make("relu", {}), make("dense", {"units": 23, "reduce": "mean"})]
    both(gradient(50), traced(layers, (19,)), threads)


@pytest.mark.parametrize("word", LOSSES.members)
def test_every_loss(word, both):
    both(gradient(21, LOSSES.make(word)), traced([make("dense", {"units": 5})], (7,)), 2)


@pytest.mark.parametrize("word", AUGMENTATIONS.members)
def test_every_augmentation(word, both):
    knobs = {name: example(field.schema()) for name, field in AUGMENTATIONS.members[word].fields.items()}
    operations = traced([make("dense", {"units": 2})], (6, 5, 2))
    both(gradient(19, augment=(AUGMENTATIONS.make({word: knobs}),)), operations, 2)


@pytest.mark.parametrize(("word", "knobs", "name", "options"), cases(OPTIMIZERS))
def test_every_optimizer(word, knobs, name, options, both):
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 1, **knobs}})

    def train(engine) -> Iterator[np.ndarray]:
        x, _ = pictures_and_targets(engine, 40)
        recipe, state = (
            Recipe(LOSSES.make("cross_entropy"), 20, optimizer=optimizer),
            State.new(optimizer, engine.plan.places),
        )
        rates = np.array([0.1, 0.05], np.float32)
        scores, broken = engine.train(recipe, state, Epoch(x, np.arange(40) % 3, np.arange(40), rates))
        assert broken == -1
        yield scores
        yield engine.plan.flat

    both(train, traced([make("dense", {"units": 3})], (9,)), 2)
