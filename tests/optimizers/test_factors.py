"""Sixty native steps are PyTorch's, or the formula's, with weight decay and with factors for each parameter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engine.test_native import SMALL, close, plans, traced, train
from tests.members import cases, own_tests
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Epoch, Plan, Recipe, State
from xonet.engine.reference import ReferenceEngine
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

FACTORS = [(1.0, 1.0), (0.5, 3.0), (0.5, 3.0), (2.0, 0.0)]
RATES = {"sgd": 0.02, "adadelta": 0.5, "adagrad": 0.05}
STEPS = 60


def with_factors(plan):
    """The same plan, its parameters with `FACTORS` in turn."""
    slots = {
        name: place._replace(rate_factor=rate, decay_factor=decay)
        for (name, place), (rate, decay) in zip(plan.places.places.items(), 5 * FACTORS, strict=False)
    }
    return Plan(plan.operations, replace(plan.places, places=slots), plan.numbers, plan.factors, plan.offsets)


def torchs(start, x, targets, optimizer, name, options, rates, naive):
    """Two dense layers with a tanh between, in float64."""
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    weights = [torch.nn.Parameter(torch.tensor(array, dtype=torch.float64)) for array in start]
    if name:
        kind, base = getattr(torch.optim, name), optimizer.weight_decay
        there = [
            kind([array], **{"lr": 1.0, **options, "weight_decay": base * decay})
            for array, (_, decay) in zip(weights, FACTORS, strict=True)
        ]
    kept = [{} for _ in weights]
    x, targets = (torch.tensor(array, dtype=torch.float64) for array in (x, targets))
    for number, rate in enumerate(rates, 1):
        for array in weights:
            array.grad = None
        w1, b1, w2, b2 = weights
        y = torch.tanh(x @ w1.T + b1) @ w2.T + b2
        (((y - targets) ** 2).sum() / len(x)).backward()
        for own, (array, (factor, decay)) in enumerate(zip(weights, FACTORS, strict=True)):
            if name:
                there[own].param_groups[0]["lr"] = rate * factor
                there[own].step()
            else:
                values = array.detach().numpy()
                naive(optimizer.decayed(decay), values, array.grad.numpy(), kept[own], rate * factor, number)
    return [array.detach().numpy() for array in weights]


@pytest.mark.parametrize(("word", "knobs", "name", "options"), cases(OPTIMIZERS), ids=str)
def test_sixty_steps(word, knobs, name, options):
    rate = RATES.get(word, 0.002)
    optimizer = OPTIMIZERS.make({word: {"learning_rate": rate, **knobs}})
    layers = [LAYERS.make(layer) for layer in ({"dense": {"units": 17}}, "tanh", {"dense": {"units": 4}})]
    plan = with_factors(next(iter(plans(traced(layers, (20,))))))
    rng = np.random.default_rng(5)
    x, targets = rng.normal(size=(48, 20)).astype(np.float32), rng.normal(size=(48, 4)).astype(np.float32)
    rates = np.linspace(1, 0.5, STEPS).astype(np.float32) * np.float32(rate)
    start = [array.copy() for array in plan.places.views(plan.flat).values()]
    naive = None if name else own_tests(OPTIMIZERS, word).naive
    theirs = torchs(start, x, targets, optimizer, name, options, rates.astype(float), naive)
    order = np.tile(np.arange(48), STEPS)
    recipe = Recipe(LOSSES.make("squared_error"), 48, optimizer=optimizer)
    NativeEngine(plan, 2).train(recipe, State.new(optimizer, plan.places), Epoch(x, targets, order, rates))
    for (own, array), before, there in zip(plan.places.views(plan.flat).items(), start, theirs, strict=True):
        assert np.abs(there - before).max() > 1e-3
        assert np.abs(array - there).max() <= 1e-5 * max(1.0, np.abs(there).max()), own


@pytest.mark.parametrize(("word", "knobs"), [case.values[:2] for case in cases(OPTIMIZERS)], ids=str)
def test_both_engines_heed_them(word, knobs):
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 1, **knobs}})
    pictures = np.random.default_rng(6).normal(size=(70, 6, 7, 1)).astype(np.float32)
    recipe = Recipe(LOSSES.make("cross_entropy"), 20, seed=9, optimizer=optimizer)
    fast, slow = map(with_factors, plans(traced([LAYERS.make(layer) for layer in SMALL], (6, 7, 1))))
    for plan, engine in ((fast, NativeEngine(fast, 2)), (slow, ReferenceEngine(slow))):
        train(engine, recipe, State.new(optimizer, plan.places), pictures, np.arange(70) % 3, 4)
    close(fast.flat, slow.flat, 1e-4)


@pytest.mark.parametrize("word", OPTIMIZERS.members)
def test_decay_has_its_own_factor(word):
    plain = OPTIMIZERS.make({word: {"learning_rate": 1, "weight_decay": 0.1}})
    assert plain.decayed(1.0) is plain and plain.decayed(3.0).weight_decay == pytest.approx(0.3)
    assert plain.weight_decay == 0.1
