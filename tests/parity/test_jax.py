"""The network that `--against jax` runs computes what xonet does: scores, gradients, statistics, and many steps."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("jax", reason="JAX is not installed: pip install 'xonet[bench]'")

import jax
import jax.numpy as jnp

import xonet
from tests.parity.beside import LAYER_CASES, MIXED, NETWORKS, around, away, batches, close, for_loss
from xonet.bench.peers._peer import Unable
from xonet.bench.peers.jax_step import first_state, loss_there, step_there
from xonet.bench.peers.jax_twin import WORDS, Twin, arrays
from xonet.engine.plan import Epoch, Recipe, State
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

SOON = {"xla_backend_optimization_level": 0}


@pytest.fixture(autouse=True, scope="module")
def on_the_processor():
    jax.config.update("jax_platforms", "cpu")


WITH_COUNTERPART = ("cross_entropy", "squared_error", "absolute_error")
"""Losses."""


def compare(network, loss, batch, tolerance=1e-4):
    """Scores outside training and in it, gradients, and what batch_norm keeps: all the same."""
    model = away(network)
    twin = Twin(network.operations, model.parameters)
    x, targets = batch
    optimizer = OPTIMIZERS.make({"sgd": {"learning_rate": 1e-30}})
    recipe = Recipe(LOSSES.make(loss), len(x), optimizer=optimizer)
    mean_loss = loss_there(recipe.loss)

    def trained(parameters, kept, x, targets):
        scores, kept = twin.forward(parameters, kept, x, jax.random.key(0))
        return mean_loss(scores, targets), (scores, kept)

    def all_there(parameters, kept, x, targets):
        plain = twin.forward(parameters, kept, x)[0]
        return plain, jax.value_and_grad(trained, has_aux=True)(parameters, kept, x, targets)

    plain, ((_, (scores_there, kept)), gradient_there) = jax.jit(all_there, compiler_options=SOON)(
        twin.trained, twin.kept, x, targets
    )
    close({"scores": model.predict(x)}, {"scores": np.asarray(plain)}, tolerance)
    scores, gradient = model.engine.gradient(recipe, x, targets)
    close({"scores": scores}, {"scores": np.asarray(scores_there)}, tolerance)
    close(model.plan.places.views(gradient), arrays(gradient_there), tolerance)
    one_step = Epoch(x, targets, np.arange(len(x)), np.zeros(1, np.float32))
    model.engine.train(recipe, State.new(optimizer, model.plan.places), one_step)
    close(model.parameters, arrays({name: (twin.trained | kept)[name] for name in model.parameters}), tolerance)


@pytest.mark.parametrize("file", [NETWORKS / "mnist.yaml", NETWORKS / "fashion.yaml", NETWORKS / "xo.yaml", MIXED])
def test_a_network_computes_the_same(file):
    network = xonet.loads(file) if file is MIXED else xonet.load(file)
    compare(network, "cross_entropy", batches(network, 35))


@pytest.mark.parametrize("loss", LOSSES.members)
def test_a_loss_is_the_same_or_said_to_be_missing(loss):
    network, batch = for_loss(loss)
    if loss in WITH_COUNTERPART:
        compare(network, loss, batch)
    else:
        with pytest.raises(Unable, match=f"the loss {loss} has no counterpart"):
            compare(network, loss, batch)


# scores only, and compiled as it is done soonest: JAX works out gradients by itself, and each takes long to compile
@pytest.mark.parametrize(("word", "knobs", "shape"), [case for case in LAYER_CASES if case.values[0] in WORDS])
def test_a_layer_computes_the_same(word, knobs, shape):
    network, (x, _) = around(word, knobs, shape)
    model = away(network)
    twin = Twin(network.operations, model.parameters)
    forward = jax.jit(lambda x: twin.forward(twin.trained, twin.kept, x)[0], compiler_options=SOON)
    close({"scores": model.predict(x)}, {"scores": np.asarray(forward(x))}, 1e-4)


SMALL = """
xonet: 1
input: {height: 7, width: 6, channels: 2}
layers: [{conv2d: {features: 4, kernel_size: 3, bias: false}}, batch_norm, relu, {dense: {units: 3}}]
"""
OPTIMIZER_CASES = [
    {"sgd": {"learning_rate": 0.02}},
    {"sgd": {"learning_rate": 0.02, "momentum": 0.9, "weight_decay": 0.01}},
    {"sgd": {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True}},
    {"adam": {"learning_rate": 0.001, "weight_decay": 0.01}},
    {"adamw": {"learning_rate": 0.001, "weight_decay": 0.1}},
]


@pytest.mark.parametrize("optimizer", OPTIMIZER_CASES, ids=str)
def test_steps_go_the_same_way(optimizer):
    network, optimizer = xonet.loads(SMALL), OPTIMIZERS.make(optimizer)
    model, steps, size = away(network), 20, 21
    twin = Twin(network.operations, model.parameters)
    x, targets = batches(network, 4 * size)
    order = np.resize(np.random.default_rng(2).permutation(len(x)), steps * size)
    recipe = Recipe(LOSSES.make("cross_entropy"), size, optimizer=optimizer)
    rates = np.full(steps, optimizer.learning_rate, np.float32)
    model.engine.train(recipe, State.new(optimizer, model.plan.places), Epoch(x, targets, order, rates))
    step = jax.jit(step_there(twin, recipe.loss, optimizer, optimizer.learning_rate), donate_argnums=0)
    state = first_state(twin, optimizer)
    for chosen in order.reshape(steps, size):
        state, _ = step(state, x[chosen], targets[chosen])
    there = state.trained | state.kept
    close(model.parameters, arrays({name: there[name] for name in model.parameters}), 1e-4)


def test_dropout_draws_anew():
    network = xonet.loads(
        "{xonet: 1, input: {features: 1000}, layers: [{dropout: {rate: 0.3}}, {dropout: {rate: 0.3}}]}"
    )
    twin, x = Twin(network.operations, {}), jnp.ones((20, 1000))
    first, second = (np.asarray(twin.forward({}, {}, x, jax.random.key(n))[0]) for n in (0, 1))
    assert abs(first.mean() - 1) < 0.05 and abs((first == 0).mean() - (1 - 0.7**2)) < 0.02
    assert (first != second).any()
    assert (np.asarray(twin.forward({}, {}, x)[0]) == 1).all()
