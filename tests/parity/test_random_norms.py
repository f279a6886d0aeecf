"""Layers that normalize, of random knobs and shapes, against PyTorch: reference in float64, native in float32.

What PyTorch does not have, a window of pixels, is held to `torch.nn.functional.avg_pool2d`.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch

from tests.engine.test_native import SQUARED, traced
from tests.layers.contract import make, run
from xonet.bench.peers.twin import Twin, layer_there, pictures_there
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Plan, Recipe
from xonet.engine.storage import layout
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.program.alignment import aligned

DRAWS = 30
"""Of each layer."""
WORDS = ("batch_norm", "layer_norm", "group_norm", "instance_norm", "rms_norm", "local_response_norm")


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """PyTorch's threads wait for each other at every operation, which takes long where a processor is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def drawn(word, rng):
    """Knobs and a shape, whose every set has at least four values: of two, all but rounding errors cancels out."""
    within = word == "local_response_norm" and rng.random() < 0.5
    picture = word == "instance_norm" or within or rng.random() < 0.8
    channels = int(rng.choice([2, 3, 6, 16, 18, 32, 40] if picture else [4, 15, 16, 18, 40, 100]))
    shape = (int(rng.integers(2, 8)), int(rng.integers(2, 9)), channels) if picture else (channels,)
    if word == "local_response_norm":
        knobs = {"size": int(rng.integers(1, 8)), "region": "within" if within else "across"}
        ranges = {"alpha": (0, 2), "beta": (0, 2), "k": (0.5, 3)}
        return knobs | {
            name: round(rng.uniform(*ends), 3) for name, ends in ranges.items() if rng.random() < 0.7
        }, shape
    flags = ("scale", "shift", "trainable")
    knobs = {name: bool(rng.random() < 0.6) for name in flags if rng.random() < 0.6}
    if rng.random() < 0.5:
        knobs["epsilon"] = round(float(10 ** rng.uniform(-6, 0)), 8)
    if word in ("layer_norm", "rms_norm") and rng.random() < 0.5:
        knobs["axes"] = "channels" if channels > 3 else "picture"
    if word == "group_norm":
        fits = [n for n in range(1, channels + 1) if channels % n == 0 and (picture or 4 * n <= channels)]
        knobs["groups"] = int(rng.choice(fits))
    return knobs, shape


@pytest.mark.parametrize("number", range(DRAWS))
@pytest.mark.parametrize("word", WORDS)
def test_it_is_pytorchs(word, number):
    rng = np.random.default_rng([number, len(word)])
    knobs, shape = drawn(word, rng)
    layer, pictures = make(word, knobs), int(rng.integers(4, 35))
    operations = traced([layer], shape)
    own = {
        p.name: np.abs(rng.normal(size=p.shape)) + 0.5 if p.name != "shift" else rng.normal(size=p.shape)
        for p in layer.parameters(Shape(shape))
    }
    x = rng.normal(size=(pictures, *shape)) * rng.uniform(0.1, 10) + rng.normal()
    dy = rng.normal(size=x.shape)
    y, dx, gradients = theirs(operations[0], own, x, dy)
    reference = LAYERS.part(layer, "reference")
    mine = reference.forward(layer, own, x, run(True, pictures))
    close(mine, y, 1e-9)
    back, found = reference.backward(layer, own, x, mine, dy, run(True, pictures))
    close(back, dx, 1e-9)
    assert found.keys() == gradients.keys()
    for name, gradient in gradients.items():
        close(found[name], gradient, 1e-9)
    native(word, knobs, own, x)


def theirs(operation, own, x, dy):
    """Output, and gradients of the input and the parameters, in PyTorch's float64."""
    tensors = {}
    for parameter in operation.parameters:
        array = own[parameter.name]
        there = torch.from_numpy(np.ascontiguousarray(np.moveaxis(array, -1, 0) if array.ndim == 3 else array).copy())
        tensors[parameter.name] = there.requires_grad_(parameter.trainable)
    twin = torch.nn.Module()
    there = pictures_there(x).requires_grad_()
    y = layer_there(operation, tensors, twin)(there)
    y.backward(pictures_there(dy))
    gradients = {name: here(tensor.grad) for name, tensor in tensors.items() if tensor.requires_grad}
    return here(y.detach()), here(there.grad), gradients


def here(tensor):
    """An array whose channels lie last again."""
    return np.moveaxis(tensor.numpy(), -3, -1) if tensor.ndim > 2 else tensor.numpy()


def native(word, knobs, own, x):
    """Scores and gradients behind a layer that hands on what it is given, and learns: against PyTorch in float64."""
    shape = x.shape[1:]
    first = {"conv2d": {"features": shape[-1], "kernel_size": 1}} if len(shape) == 3 else {"dense": {"units": shape[0]}}
    operations = traced([LAYERS.make(first), make(word, knobs)], shape)
    places = layout(operations)
    flat = aligned(places.total)
    views = places.views(flat)
    views["layers.0.weights"][...] = np.eye(shape[-1]).reshape(views["layers.0.weights"].shape)
    for name, array in own.items():
        views[f"layers.1.{name}"][...] = array
    twin = Twin(operations, {name: view.copy() for name, view in views.items()})
    for tensor in twin.tensors.values():
        tensor.data = tensor.data.double()
    plan = Plan(operations, places, flat, np.ones(1, np.float32), np.zeros(1, np.float32))
    x32 = x.astype(np.float32)
    targets = np.random.default_rng(1).normal(size=(len(x), x[0].size)).astype(np.float32)
    scores, gradient = NativeEngine(plan, 1).gradient(Recipe(SQUARED, len(x)), x32, targets)
    theirs = twin(pictures_there(x32.astype(np.float64)))
    close(scores, theirs.detach().numpy(), 1e-5)
    ((theirs - torch.from_numpy(targets)) ** 2).sum(dim=1).mean().backward()
    expected = twin.arrays(gradients=True)
    mine = places.views(gradient)
    most = max(np.abs(array).max() for array in expected.values())
    for name, array in expected.items():
        close(mine[name], array, 1e-5, most)


def close(mine, expected, tolerance, most=0.0):
    """Equal up to a part of the largest."""
    assert mine.shape == expected.shape
    assert np.abs(mine - expected).max() <= tolerance * max(np.abs(expected).max(), most, 1e-6)
