"""Parameters with factors of their own: what a native step does with them, and the reference's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engine.test_native import SMALL, close, plans, traced, train
from tests.rooms import cases
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Plan, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

FACTORS = [(1.0, 1.0), (0.5, 3.0), (0.5, 3.0), (2.0, 0.0)]


def with_factors(plan: Plan) -> Plan:
    """The same plan, its parameters with `FACTORS` in turn."""
    slots = {
        name: place._replace(rate_factor=rate, decay_factor=decay)
        for (name, place), (rate, decay) in zip(plan.places.places.items(), 5 * FACTORS, strict=False)
    }
    return Plan(plan.operations, replace(plan.places, places=slots), plan.numbers, plan.factors, plan.offsets)


def changes(optimizer, steps=4):
    """Parameters after a few steps: natively and in the reference, without factors and with them."""
    pictures = np.random.default_rng(6).normal(size=(70, 6, 7, 1)).astype(np.float32)
    recipe = Recipe(LOSSES.make("cross_entropy"), 20, seed=9, optimizer=optimizer)
    for factors in (lambda plan: plan, with_factors):
        for plan, kind in zip(
            map(factors, plans(traced([LAYERS.make(layer) for layer in SMALL], (6, 7, 1)))),
            (NativeEngine, ReferenceEngine),
            strict=True,
        ):
            engine = NativeEngine(plan, 2) if kind is NativeEngine else ReferenceEngine(plan)
            train(engine, recipe, State.new(optimizer, plan.places), pictures, np.arange(70) % 3, steps)
            yield plan.flat.copy()


@pytest.mark.parametrize(("word", "knobs"), [case.values[:2] for case in cases(OPTIMIZERS)], ids=str)
def test_every_optimizer_heeds_them(word, knobs):
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 1, **knobs}})
    native, _, native_with, reference_with = changes(optimizer)
    close(native_with, reference_with, 1e-4)
    assert np.abs(native_with - native).max() > 1e-3


@pytest.mark.parametrize("word", OPTIMIZERS.members)
def test_decay_has_its_own_factor(word):
    """Without decay anywhere a factor of decay changes nothing; with decay it does."""
    plain = OPTIMIZERS.make({word: {"learning_rate": 1, "weight_decay": 0.1}})
    assert plain.decayed(1.0) is plain and plain.decayed(3.0).weight_decay == pytest.approx(0.3)
    assert plain.weight_decay == 0.1
