"""xonet computes what PyTorch computes: forward, gradients, running statistics, and the weights after many steps."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch

import xonet
from tests.parity.beside import LAYER_CASES, MIXED, NETWORKS, around, away, batches, close, for_loss
from xonet.bench.peers._peer import Unable
from xonet.bench.peers.twin import Twin, loss_there, optimizer_there, pictures_there
from xonet.engine.plan import Epoch, Recipe, State
from xonet.losses import CLASSES, LOSSES, VALUES
from xonet.optimizers import OPTIMIZERS


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """PyTorch's threads wait for each other at every operation, which takes long where a processor is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def pair(network, seed=0):
    """A model, and its twin with the same parameters, each away from where it would begin."""
    model = away(network, seed)
    return model, Twin(network.operations, model.parameters)


def compare(network, loss, batch, tolerance=1e-4):
    """Scores outside training and in it, gradients, and what batch_norm keeps: all the same."""
    model, twin = pair(network)
    x, targets = batch
    there, labels = pictures_there(x), torch.from_numpy(targets)
    twin.eval()
    with torch.no_grad():
        close({"scores": model.predict(x)}, {"scores": twin(there).numpy()}, tolerance)
    twin.train()
    optimizer = OPTIMIZERS.make({"sgd": {"learning_rate": 1e-30}})
    recipe = Recipe(LOSSES.make(loss), len(x))
    scores, gradient = model.engine.gradient(recipe, x, targets)
    trained = twin(there)
    loss_there(recipe.loss)(trained, labels).backward()
    close({"scores": scores}, {"scores": trained.detach().numpy()}, tolerance)
    close(model.plan.places.views(gradient), twin.arrays(gradients=True), tolerance)
    still = Recipe(recipe.loss, len(x), optimizer=optimizer)
    one_step = Epoch(x, targets, np.arange(len(x)), np.zeros(1, np.float32))
    model.engine.train(still, State.new(optimizer, model.plan.places), one_step)
    close(model.parameters, twin.arrays(), tolerance)


def compare_if_there(*what):
    """The same; what PyTorch has no counterpart of is held to the reference alone, which is held to loops."""
    try:
        compare(*what)
    except Unable as unable:
        pytest.skip(str(unable))


def both_train(network, optimizer, steps, batch_size):
    """Parameters after the same steps on the same pictures from the same beginning: (first, xonet's, PyTorch's)."""
    model, twin = pair(network)
    first = {name: array.copy() for name, array in model.parameters.items()}
    x, targets = batches(network, 4 * batch_size)
    order = np.resize(np.random.default_rng(2).permutation(len(x)), steps * batch_size)
    recipe = Recipe(LOSSES.make("cross_entropy"), batch_size, optimizer=optimizer)
    rates = np.full(steps, optimizer.learning_rate, np.float32)
    _, broken = model.engine.train(recipe, State.new(optimizer, model.plan.places), Epoch(x, targets, order, rates))
    assert broken == -1
    there, labels = pictures_there(x), torch.from_numpy(targets)
    loss, stepper = loss_there(recipe.loss), optimizer_there(optimizer, twin)
    for chosen in torch.from_numpy(order).split(batch_size):
        stepper.zero_grad()
        loss(twin(there[chosen]), labels[chosen]).backward()
        stepper.step()
    return first, model.parameters, twin.arrays()


LENET_CASES = [
    {"sgd": {"learning_rate": 0.01}},
    {"sgd": {"learning_rate": 0.002, "momentum": 0.9}},
    {"sgd": {"learning_rate": 0.002, "momentum": 0.9, "nesterov": True, "weight_decay": 0.0005}},
]


@pytest.mark.parametrize("optimizer", LENET_CASES, ids=str)
def test_lenet_has_the_same_weights_after_100_steps(optimizer):
    network = xonet.load(NETWORKS / "mnist.yaml")
    first, mine, theirs = both_train(network, OPTIMIZERS.make(optimizer), steps=100, batch_size=64)
    moved = max(np.abs(theirs[name] - first[name]).max() for name in first)
    apart = max(np.abs(theirs[name] - mine[name]).max() for name in first)
    assert moved > 0.03
    assert apart <= 1e-4


MIXED_CASES = [
    {"sgd": {"learning_rate": 0.02, "momentum": 0.9}},
    {"adam": {"learning_rate": 0.001, "weight_decay": 0.01}},
    {"adamw": {"learning_rate": 0.001}},
    {"rmsprop": {"learning_rate": 0.0005, "momentum": 0.5, "weight_decay": 0.01, "epsilon": 0.001}},
    {"adagrad": {"learning_rate": 0.01, "weight_decay": 0.01, "initial_accumulator": 0.1}},
    {"adadelta": {"weight_decay": 0.01, "epsilon": 0.0001}},
    {"lamb": {"learning_rate": 0.001, "weight_decay": 0.1}},
    {"lion": {"learning_rate": 0.0001, "weight_decay": 0.1}},
    {"muon": {"learning_rate": 0.002, "adjust_rate": "match_rms_adamw"}},
]


def test_each_optimizer_has_its_case():
    assert {next(iter(case)) for case in MIXED_CASES} == set(OPTIMIZERS.members)


@pytest.mark.parametrize("optimizer", MIXED_CASES, ids=str)
def test_a_mixed_network_goes_the_same_way(optimizer, monkeypatch):
    monkeypatch.setattr(torch.Tensor, "bfloat16", torch.Tensor.clone)  # muon iterates in it: right to a hundredth
    _, mine, theirs = both_train(xonet.loads(MIXED), OPTIMIZERS.make(optimizer), steps=20, batch_size=21)
    close(mine, theirs, 1e-4)


@pytest.mark.parametrize("file", [NETWORKS / "mnist.yaml", NETWORKS / "fashion.yaml", NETWORKS / "xo.yaml", MIXED])
def test_a_network_computes_the_same(file):
    network = xonet.loads(file) if file is MIXED else xonet.load(file)
    compare(network, "cross_entropy", batches(network, 35))


# what each loss measures, test_random takes through
@pytest.mark.parametrize("loss", [word for word, kind in LOSSES.members.items() if {CLASSES, VALUES} & {*kind.fits}])
def test_a_loss_is_the_same(loss):
    network, batch = for_loss(loss)
    compare_if_there(network, loss, batch)


@pytest.mark.parametrize(("word", "knobs", "shape"), LAYER_CASES)
def test_a_layer_computes_the_same(word, knobs, shape):
    network, batch = around(word, knobs, shape)
    compare_if_there(network, "cross_entropy", batch)
