"""What a network may be asked for, in both engines: one score for two classes, labels, its own input; and weights."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.test_native import plans, traced
from xonet.data.augment import AUGMENTATIONS
from xonet.engine.assembly import Feed, training
from xonet.engine.interpreted import verify
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Epoch, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.layers import LAYERS
from xonet.losses import CLASSES, INPUT, LABELS, LOSSES, ONE_SCORE
from xonet.optimizers import OPTIMIZERS

SHAPE = (5, 6, 1)
PICTURES = 50
SGD = OPTIMIZERS.make({"sgd": {"learning_rate": 1}})


def operations(units):
    return traced([LAYERS.make(each) for each in ("relu", {"dense": {"units": units}})], SHAPE)


def targets(answers, units):
    rng = np.random.default_rng(2)
    if answers in (CLASSES, ONE_SCORE):
        return rng.integers(0, max(2, units), PICTURES)
    return rng.integers(0, 2, (PICTURES, units)).astype(np.float32) if answers == LABELS else None


def steps(engine, plan, recipe, raw, wanted, weights):
    """The parameters after some steps of an epoch."""
    state, order = State.new(SGD, plan.places), np.random.default_rng(8).permutation(PICTURES)
    rates = np.full(-(-PICTURES // recipe.batch_size), 0.1, np.float32)
    _, broken = engine.train(recipe, state, Epoch(raw, wanted, order, rates, weights=weights))
    assert broken == -1
    return plan.flat.copy()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize(
    ("loss", "answers", "units"),
    [
        ("cross_entropy", CLASSES, 4),
        ("binary_cross_entropy", ONE_SCORE, 1),
        ("focal", ONE_SCORE, 1),
        ("binary_cross_entropy", LABELS, 3),
        ("focal", LABELS, 3),
        ("squared_error", INPUT, 30),
    ],
)
@pytest.mark.parametrize("threads", [1, 3])
def test_both_engines_take_the_same_steps(loss, answers, units, kind, weighted, threads):
    fast, slow = plans(operations(units))
    raw = np.random.default_rng(1).integers(0, 3, (PICTURES, *SHAPE)).astype(kind)
    weights = np.random.default_rng(3).uniform(0.1, 4, PICTURES).astype(np.float32) if weighted else None
    shift = AUGMENTATIONS.make({"shift": {"pixels": 1}})
    recipe = Recipe(LOSSES.make({loss: {}}).of(answers), 20, 5, SGD, (shift,))
    wanted = targets(answers, units)
    mine = steps(NativeEngine(fast, threads), fast, recipe, raw, wanted, weights)
    expected = steps(ReferenceEngine(slow), slow, recipe, raw, wanted, weights)
    assert np.abs(mine - expected).max() <= 1e-5 * np.abs(expected).max()


def test_a_weighted_step_is_pytorchs():
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    fast, _ = plans(operations(4))
    wanted, weight = targets(CLASSES, 4), np.array([0.2, 3, 1, 0.7], np.float32)
    raw = np.abs(np.random.default_rng(1).normal(size=(PICTURES, *SHAPE))).astype(np.float32)
    views = fast.places.views(fast.flat)
    start = {name: torch.tensor(view.copy(), requires_grad=True) for name, view in views.items()}
    w, b = (start[next(name for name in start if name.endswith(end))] for end in ("weights", "bias"))
    order = np.random.default_rng(8).permutation(PICTURES)
    criterion, there = torch.nn.CrossEntropyLoss(weight=torch.tensor(weight)), torch.optim.SGD([w, b], lr=0.1)
    for first in range(0, PICTURES, 20):
        chosen = order[first : first + 20]
        there.zero_grad()
        scores = torch.tensor(raw[chosen].reshape(len(chosen), -1)) @ w.T + b
        criterion(scores, torch.tensor(wanted[chosen])).backward()
        there.step()
    recipe = Recipe(LOSSES.make("cross_entropy"), 20, 5, SGD)
    steps(NativeEngine(fast, 2), fast, recipe, raw, wanted, weight[wanted])
    for name, view in views.items():
        expected = start[name].detach().numpy()
        assert np.abs(view - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("units", [1, 30])
def test_programs_touch_only_what_is_theirs(units, workers):
    plan, _ = plans(operations(units))
    answers = ONE_SCORE if units == 1 else INPUT
    recipe = Recipe(LOSSES.make("binary_cross_entropy").of(answers), 20, 5)
    feed = Feed(plan.factors, plan.offsets, own_targets=answers == INPUT)
    program = training(plan.operations, plan.places, feed, recipe, steps=False, workers=workers)
    raw = np.random.default_rng(1).integers(0, 3, (20, *SHAPE)).astype(np.uint8)
    verify(program, plan, raw, np.arange(20) % 2 if answers == ONE_SCORE else None)
