"""Rows of an optimizer that run side by side: any number of threads makes the same bits, and memory is as foretold."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.test_native import plans, traced, train
from tests.members import cases
from xonet.engine import runner, updates
from xonet.engine.assembly import Feed, training
from xonet.engine.interpreted import verify
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.kernels.registers import Phase
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.optimizers.muon import native
from xonet.program import rows

# matrices that are wide and tall, of rows and columns that fill no block
LAYERS_OF = [{"conv2d": {"features": 5, "kernel_size": 2}}, "tanh", {"dense": {"units": 18}}, {"dense": {"units": 3}}]
SHAPE = (4, 5, 1)
KNOBS = [case.values[:2] for case in cases(OPTIMIZERS)]
LOSS = LOSSES.make("cross_entropy")


@pytest.fixture(autouse=True)
def cut_small(monkeypatch):
    """Every parameter is cut, and what is cut runs side by side."""
    monkeypatch.setattr(runner, "AT_ONCE", 0)
    monkeypatch.setattr(updates, "SMALL", 0)
    monkeypatch.setattr(updates, "STRETCH", 1)
    for module in (rows, native):
        monkeypatch.setattr(module, "WORTH_SHARING", 1)


def trained(optimizer, threads):
    """A plan after three steps, natively; with 0 threads, the reference's."""
    fast, slow = plans(traced([LAYERS.make(layer) for layer in LAYERS_OF], SHAPE))
    plan = fast if threads else slow
    recipe = Recipe(LOSS, 20, seed=9, optimizer=optimizer)
    pictures = np.random.default_rng(6).normal(size=(60, *SHAPE)).astype(np.float32)
    engine = NativeEngine(plan, threads) if threads else ReferenceEngine(plan)
    state = State.new(optimizer, plan.places)
    train(engine, recipe, state, pictures, np.arange(60) % 3, 3)
    return plan.flat.copy(), state.memory


@pytest.mark.parametrize(("word", "knobs"), KNOBS, ids=str)
def test_threads_change_no_bit(word, knobs):
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 1, **knobs}})
    found = [trained(optimizer, threads) for threads in (1, 2, 5)]
    assert len({(flat.tobytes(), state.tobytes()) for flat, state in found}) == 1
    # on average: where a gradient is nearly 0, rounding decides which way the first steps of some go
    assert np.abs(found[0][0] - trained(optimizer, 0)[0]).mean() < 1e-5


@pytest.mark.parametrize(("word", "knobs"), KNOBS, ids=str)
def test_nothing_is_read_too_early_or_written_twice(word, knobs):
    operations = traced([LAYERS.make(layer) for layer in LAYERS_OF], SHAPE)
    plan = next(plans(operations))
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 1, **knobs}})
    program = training(operations, plan.places, Feed(), Recipe(LOSS, 16, optimizer=optimizer))
    side_by_side = [count for kind, _, count in program.phases if kind is Phase.ROWS and count > 1]
    assert side_by_side
    pictures = np.random.default_rng(6).normal(size=(32, *SHAPE)).astype(np.float32)
    verify(program, plan, pictures, np.arange(32) % 3, State.new(optimizer, plan.places).memory)


@pytest.mark.parametrize("word", OPTIMIZERS.members)
def test_what_is_padded_stays_zero(word):
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 1, "weight_decay": 0.1}})
    plan, _ = plans(traced([LAYERS.make(layer) for layer in LAYERS_OF], SHAPE))
    padding = np.ones(len(plan.flat), bool)
    for place in plan.places.places.values():
        padding[place.offset : place.end] = False
    after, _ = trained(optimizer, 2)
    assert padding.any() and not after[padding].any()
