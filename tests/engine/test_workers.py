"""How many workers share a group, and that as much memory is taken as is foretold, for every way to share."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tests.engine.test_native import SMALL, plans, traced, train
from xonet.engine import runner
from xonet.engine.assistants import POOL
from xonet.engine.memory import SLOTS, footprint, slots_of, workers_of
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Epoch, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.program.alignment import aligned, workspace


@pytest.mark.parametrize("trains", [True, False])
def test_no_thread_waits_for_long_while_others_have_groups(trains):
    for groups, threads in product(range(1, 40), range(1, 20)):
        workers, slots = workers_of(groups, trains, threads), min(SLOTS, groups) if trains else groups
        rounds = -(-slots // threads)
        idle = 1 - slots / (rounds * threads)
        if workers == 1:  # each takes whole groups
            assert idle == 0 or slots >= 2 * threads
        else:
            assert idle > 0 and slots < 2 * threads
            assert workers * slots >= threads


def run(batch, threads):
    """An epoch of training with so many threads: its runner."""
    operations = traced([LAYERS.make(layer) for layer in SMALL], (6, 7, 1))
    plan, _ = plans(operations)
    optimizer = OPTIMIZERS.make({"adam": {"learning_rate": 1}})
    pictures, engine = np.ones((batch, 6, 7, 1), np.float32), NativeEngine(plan, threads)
    recipe = Recipe(LOSSES.make("cross_entropy"), batch, optimizer=optimizer)
    train(engine, recipe, State.new(optimizer, plan.places), pictures, np.zeros(batch, np.int64), 1)
    return engine._runners["train"][1], plan


@pytest.mark.parametrize(("batch", "threads"), [(16, 1), (16, 2), (40, 2), (200, 3), (16, 16)])
def test_as_much_memory_is_taken_as_is_foretold(batch, threads, monkeypatch):
    taken, zeroed = [], []

    def counted(take, counts):
        return lambda count, *kind: counts.append(0 if kind else 4 * count) or take(count, *kind)

    monkeypatch.setattr(runner, "workspace", counted(workspace, taken))
    monkeypatch.setattr(runner, "aligned", counted(aligned, zeroed))
    made, plan = run(batch, threads)
    program = made._program
    foretold = footprint(program, plan.places, made.threads, 2)
    assert taken == [foretold["values"], foretold["shared"], foretold["scratch"]]
    assert sum(zeroed) == foretold["gradients"]
    assert foretold["parameters"] == plan.flat.nbytes and foretold["optimizer"] == 2 * 4 * plan.places.trained
    assert made.threads <= threads and (program.workers > 1 or made.threads <= slots_of(program))


def test_assistants_become_as_many_as_are_asked_for():
    for _ in range(3):
        count = POOL.count + 1
        assert POOL.ensure(count) >= count


@pytest.mark.parametrize("engine", [NativeEngine, ReferenceEngine])
@pytest.mark.parametrize("count", [0, 1, 11, 256, 257, 1100])
def test_scores_are_handed_over_once_each_and_in_order(engine, count):
    plan, _ = plans(traced([LAYERS.make({"dense": {"units": 2, "bias": False}})], (2,)))
    plan.flat[...] = 0
    plan.places.views(plan.flat)["layers.0.weights"][...] = np.eye(2)
    pictures = np.arange(2 * count, dtype=np.float32).reshape(count, 2)
    np.testing.assert_array_equal(engine(plan).scores(pictures), pictures)
    parts = []
    assert len(engine(plan).scores(pictures, lambda first, some: parts.append((first, some.copy())))) == 0
    assert [first for first, _ in parts] == list(np.cumsum([0, *(len(some) for _, some in parts)])[: len(parts)])
    np.testing.assert_array_equal(np.concatenate([pictures[:0], *(some for _, some in parts)]), pictures)


@pytest.mark.parametrize("engine", [NativeEngine, ReferenceEngine])
def test_scores_in_training_are_handed_over_as_they_would_be_given(engine):
    results = []
    for taken in (None, []):
        plan, _ = plans(traced([LAYERS.make(layer) for layer in SMALL], (6, 7, 1)))
        optimizer = OPTIMIZERS.make({"sgd": {"learning_rate": 1}})
        recipe, state = Recipe(LOSSES.make("cross_entropy"), 16, optimizer=optimizer), State.new(optimizer, plan.places)
        pictures = np.random.default_rng(6).normal(size=(40, 6, 7, 1)).astype(np.float32)
        epoch = Epoch(pictures, np.arange(40) % 3, np.arange(40), np.full(3, 0.01, np.float32), 0)
        take = None if taken is None else lambda first, some, taken=taken: taken.append((first, some.copy()))
        scores, broken = engine(plan).train(recipe, state, epoch, take=take)
        assert broken == -1
        results.append(scores if taken is None else np.concatenate([some for _, some in taken]))
        assert taken is None or (len(scores) == 0 and taken[0][0] == 0)
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("count", [1, 10])
def test_few_pictures_run_one_by_one(count):
    plan, _ = plans(traced([LAYERS.make({"dense": {"units": 2}})], (2,)))
    engine = NativeEngine(plan)
    engine.scores(np.ones((count, 2), np.float32))
    assert engine._singles[False] is not None and not engine._runners
    engine.scores(np.ones((11, 2), np.float32))
    assert engine._runners
