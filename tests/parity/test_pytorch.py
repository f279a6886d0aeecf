"""xonet computes what PyTorch computes: forward, gradients, running statistics, and the weights after many steps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch

import xonet
from tests.layers.contract import spread
from tests.rooms import cases
from xonet.bench.peers._peer import Unable
from xonet.bench.peers.twin import Twin, loss_there, optimizer_there, pictures_there
from xonet.engine.plan import Epoch, Recipe, State
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

NETWORKS = Path(__file__).parents[2] / "networks"


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """PyTorch's threads wait for each other at every operation, which takes long where a processor is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


# No bias before batch_norm: its true gradient is 0, and adam would follow the rounding errors' signs.
MIXED = """
xonet: 1
input: {height: 15, width: 13, channels: 3}
layers:
  - conv2d: {features: 8, kernel_size: 3, padding: same, stride: 2, bias: false}
  - batch_norm: {momentum: 0.8, epsilon: 0.001}
  - relu
  - residual:
      layers:
        - depthwise_conv2d: {kernel_size: 3, padding: same, multiplier: 2}
        - leaky_relu: {slope: 0.1}
        - conv2d:
            {features: 8, kernel_size: [3, 2], padding: [[2, 2], [0, 1]], dilation: [2, 1], groups: 4, bias: false}
        - batch_norm
      shortcut:
        - conv2d: {features: 8, kernel_size: 1}
  - avg_pool2d: {window: 3, stride: 2, padding: 1}
  - branches:
      paths:
        - - max_pool2d: {window: 3, stride: 1, padding: same}
          - global_max_pool2d
        - - tanh
          - global_avg_pool2d
        - - conv2d: {features: 3, kernel_size: 2, reduce: mean}
          - sigmoid
          - flatten
          - dense: {units: 5, bias: false}
  - batch_norm
  - dense: {units: 6}
  - softmax
  - dense: {units: 4}
"""


def pair(network, seed=0):
    """A model, and its twin with the same parameters, each away from where it would begin."""
    model = xonet.Model(network, seed=seed)
    rng = np.random.default_rng(seed)
    for name, array in model.parameters.items():
        if name.endswith(("bias", "shift", "mean")):
            array[...] = rng.normal(size=array.shape) * 0.2
        elif name.endswith(("scale", "variance")):
            array[...] = rng.uniform(0.5, 1.5, array.shape)
    return model, Twin(network.operations, model.parameters)


def batches(network, pictures, seed=1):
    """Pictures of classes that can be told apart, and the class of each.

    Noise alone would have to be learnt by heart, which is chaotic: two runs part where the last bit decides on which
    side of 0 a relu's input lies. Large steps are, too.
    """
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, network.outputs, pictures)
    x = rng.normal(size=(network.outputs, *network.shape))[classes] + 0.3 * rng.normal(size=(pictures, *network.shape))
    return x.astype(np.float32), classes


def close(mine, theirs, tolerance):
    """Equal up to `tolerance` of an array's greatest value, or of a tenth of the greatest of all."""
    assert mine.keys() == theirs.keys()
    greatest = max(np.abs(array).max() for array in theirs.values())
    for name in mine:
        scale = max(np.abs(theirs[name]).max(), greatest / 10)
        assert np.abs(mine[name] - theirs[name]).max() <= tolerance * scale, name


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
]


@pytest.mark.parametrize("optimizer", MIXED_CASES, ids=str)
def test_a_mixed_network_goes_the_same_way(optimizer):
    _, mine, theirs = both_train(xonet.loads(MIXED), OPTIMIZERS.make(optimizer), steps=20, batch_size=21)
    close(mine, theirs, 1e-4)


@pytest.mark.parametrize("file", [NETWORKS / "mnist.yaml", NETWORKS / "fashion.yaml", NETWORKS / "xo.yaml", MIXED])
def test_a_network_computes_the_same(file):
    network = xonet.loads(file) if file is MIXED else xonet.load(file)
    compare(network, "cross_entropy", batches(network, 35))


@pytest.mark.parametrize("loss", LOSSES.members)
def test_a_loss_is_the_same(loss):
    network = xonet.loads("{xonet: 1, input: {features: 7}, layers: [{dense: {units: 5}}]}")
    x, targets = batches(network, 35)
    if loss != "cross_entropy":
        targets = np.random.default_rng(3).normal(size=(35, 5)).astype(np.float32)
    compare_if_there(network, loss, (x, targets))


def drawing(word):
    """Whether a layer draws random numbers: each side draws its own."""
    return LAYERS.members[word].training_only


ALONE = [case for case in cases(LAYERS) if isinstance(case.values[2], tuple) and not drawing(case.values[0])]


@pytest.mark.parametrize(("word", "knobs", "shape"), ALONE)
def test_a_layer_computes_the_same(word, knobs, shape):
    first = {"conv2d": {"features": shape[-1], "kernel_size": 1}} if len(shape) == 3 else {"dense": {"units": shape[0]}}
    sides = ("height", "width", "channels") if len(shape) == 3 else ("features",)
    network = {
        "xonet": 1,
        "input": dict(zip(sides, shape, strict=True)),
        "layers": [first, {word: knobs}, {"dense": {"units": 3}}],
    }
    x = spread(np.random.default_rng(3), (21, *shape)).astype(np.float32)
    compare_if_there(xonet.loads(json.dumps(network)), "cross_entropy", (x, np.arange(21) % 3))
