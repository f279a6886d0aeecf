"""From a gradient to changed parameters: the same bits on any number of threads, and what the reference does."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.test_native import close, plans, traced
from xonet.engine import runner, updates
from xonet.engine.assembly import Feed, training
from xonet.engine.interpreted import verify
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Average, Epoch, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.layers import LAYERS
from xonet.layers.dense import native as dense
from xonet.losses import LOSSES
from xonet.network.learning import GradientClip
from xonet.optimizers import OPTIMIZERS
from xonet.program import rows

WIDE = [{"dense": {"units": 40, "l2": 0.01, "max_norm": 2}}, "tanh", {"dense": {"units": 3, "weight_decay_factor": 0}}]
NORMED = [
    {"conv2d": {"features": 5, "kernel_size": 2, "bias": False, "learning_rate_factor": 0.5}},
    "batch_norm",
    "tanh",
    {"dense": {"units": 3, "l2": 0.1, "learning_rate_factor": {"bias": 2}}},
]
NETWORKS = {"wide": (WIDE, (90,)), "normed": (NORMED, (4, 3, 2))}
FROZEN = {"wide": {"layers.2.weights"}, "normed": {"layers.1.scale", "layers.1.shift"}}
VARIANTS = {
    "norm": {"clip": GradientClip(norm=0.1)},
    "value": {"clip": GradientClip(value=0.01)},
    "rounds": {"accumulate": 3},
    "rounds, norm": {"accumulate": 2, "clip": GradientClip(norm=0.1)},
    "average": {"average": Average(0.8)},
    "average later": {"average": Average(0.8, begun=2), "accumulate": 2},
}
EVERY = pytest.mark.parametrize("name", NETWORKS)
ADAM = OPTIMIZERS.make({"adam": {"learning_rate": 0.01, "weight_decay": 0.1}})
CROSS_ENTROPY = LOSSES.make("cross_entropy")


@pytest.fixture(autouse=True)
def cut_small(monkeypatch):
    """Every parameter is cut, and what is cut runs side by side; a dense layer takes all groups at once."""
    monkeypatch.setattr(runner, "AT_ONCE", 0)
    monkeypatch.setattr(updates, "SMALL", 0)
    monkeypatch.setattr(updates, "STRETCH", 1)
    monkeypatch.setattr(dense, "WIDE", 1)


def planned(name):
    layers, shape = NETWORKS[name]
    return plans(traced([LAYERS.make(layer) for layer in layers], shape))


def trained(engine, name, variant):
    """All numbers after seven steps, the last one's batch not full: parameters, and what the optimizer keeps."""
    recipe = Recipe(CROSS_ENTROPY, 40, seed=9, optimizer=ADAM, **variant)
    state = State.new(ADAM, engine.plan.places, ema="average" in variant)
    x = np.random.default_rng(6).normal(size=(270, *NETWORKS[name][1])).astype(np.float32)
    epoch = Epoch(x, np.arange(270) % 3, np.arange(270), np.full(7, 0.01, np.float32))
    assert engine.train(recipe, state, epoch)[1] == -1
    return np.concatenate([engine.plan.flat, state.memory.ravel()])


@EVERY
@pytest.mark.parametrize("variant", [*VARIANTS, "frozen"])
def test_both_engines_any_number_of_threads(name, variant):
    knobs = VARIANTS.get(variant) or {
        "frozen": frozenset(FROZEN[name]),
        "missed": (("layers.0.weights", -3),),
        "clip": GradientClip(norm=0.1),
    }
    found = [trained(NativeEngine(next(planned(name)), threads), name, knobs) for threads in (1, 2, 3)]
    assert all(np.array_equal(found[0], other) for other in found)
    _, slow = planned(name)
    close(found[0], trained(ReferenceEngine(slow), name, knobs), 1e-4)


def test_wide_gradients_are_written_anew():
    """So that what is added up over a round has its other way, too."""
    plan = next(planned("wide"))
    program = training(plan.operations, plan.places, Feed(), Recipe(CROSS_ENTROPY, 40, optimizer=ADAM, accumulate=2))
    assert program.once and program.spare_gradients


@EVERY
def test_an_interrupted_round_leaves_nothing(name):
    engine, other = (NativeEngine(next(planned(name)), 1) for _ in range(2))
    recipe, x = Recipe(CROSS_ENTROPY, 20, optimizer=ADAM, accumulate=3), np.ones((100, *NETWORKS[name][1]), np.float32)
    epoch = Epoch(x, np.arange(100) % 3, np.arange(100), np.full(5, 0.01, np.float32))
    state = State.new(ADAM, engine.plan.places)

    def interrupt(first, scores):
        raise KeyboardInterrupt

    before = engine.plan.flat.copy()
    with pytest.raises(KeyboardInterrupt):
        engine.train(recipe, state, epoch, take=interrupt)
    engine._runners["train"][1].gradients[...] = 1
    engine.plan.flat[...] = before
    state.memory[...] = 0
    engine.train(recipe, state, epoch)
    other.train(recipe, State.new(ADAM, other.plan.places), epoch)
    assert np.array_equal(engine.plan.flat, other.plan.flat)


@EVERY
@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("variant", ["rounds, norm", "average"])
def test_no_row_breaks_a_rule(name, workers, variant, monkeypatch):
    monkeypatch.setattr(rows, "WORTH_SHARING", 1)
    plan = next(planned(name))
    recipe = Recipe(CROSS_ENTROPY, 20, optimizer=ADAM, **VARIANTS[variant])
    program = training(plan.operations, plan.places, Feed(), recipe, workers=workers)
    x = np.random.default_rng(0).normal(size=(50, *NETWORKS[name][1])).astype(np.float32)
    verify(program, plan, x, np.arange(50) % 3, State.new(ADAM, plan.places, ema=True).memory)


def test_statistics():
    """Of both engines, on any number of threads: the mean over batches of each batch's own; nothing else changes."""
    fast, slow = planned("normed")
    x = np.random.default_rng(3).normal(size=(50, *NETWORKS["normed"][1])).astype(np.float32)
    epoch = Epoch(x, np.zeros(50, np.int64), np.arange(50), np.zeros(0, np.float32))
    recipe, before = Recipe(CROSS_ENTROPY, 20), fast.flat.copy()
    one, two = (NativeEngine(fast, threads).statistics(recipe, epoch) for threads in (1, 2))
    there = ReferenceEngine(slow).statistics(recipe, epoch)
    assert one.keys() == there.keys() == {"layers.1.mean", "layers.1.variance"}
    assert np.array_equal(fast.flat, before)
    for name, numbers in one.items():
        assert np.array_equal(numbers, two[name])
        close(numbers, there[name], 1e-5)
