"""Paths that merge, and `squeeze_excite`, are PyTorch's on random shapes: in float64 to nine digits, natively to 5."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch
import torch.nn.functional as F

import xonet
from tests.parity.beside import close
from tests.parity.test_pytorch import compare, one_thread  # noqa: F401
from xonet.bench.peers.twin import Twin, loss_there, pictures_there
from xonet.engine.plan import Plan, Recipe
from xonet.engine.reference import ReferenceEngine
from xonet.losses import LOSSES

DRAWS = 30
CHANNELS = (1, 2, 3, 5, 8, 16, 17, 33)
ONE = {"conv2d": {"features": 1, "kernel_size": 1}}


def multiply(rng, channels):
    """Paths of all kinds that can be spread, one of which is as large as the product."""
    kinds = [["tanh"], ["global_avg_pool2d"], [ONE], ["global_max_pool2d", {"dense": {"units": 1}}], [], ["sigmoid"]]
    paths = [["tanh"], *(kinds[int(rng.integers(len(kinds)))] for _ in range(int(rng.integers(1, 4))))]
    return {"branches": {"paths": [paths[n] for n in rng.permutation(len(paths))], "merge": "multiply"}}


def largest(rng, channels):
    """Paths whose values often are the same: a relu changes none that is positive."""
    kinds = [["relu"], [], ["tanh"], ["relu6"]]
    paths = [kinds[n] for n in rng.permutation(4)[: int(rng.integers(2, 5))]]
    return {"branches": {"paths": paths, "merge": "max"}}


def squeeze_excite(rng, channels):
    knobs = {"units": int(rng.integers(1, 9))} if rng.random() < 0.5 else {"ratio": int(rng.integers(1, 9))}
    activation = str(rng.choice(["relu", "silu", "tanh", "gelu"]))
    gate = str(rng.choice(["sigmoid", "hard_sigmoid"]))
    return {"squeeze_excite": {**knobs, "activation": activation, "gate": gate}}


def drawn(make):
    """Networks with such a layer between two that learn, each with pictures for it and the class of each."""
    for number in range(DRAWS):
        rng = np.random.default_rng((number, *make.__name__.encode()))
        shape, channels = [int(side) for side in rng.integers(1, 7, 2)], int(rng.choice(CHANNELS))
        first = {"conv2d": {"features": channels, "kernel_size": 1}}
        document = {
            "xonet": 1,
            "input": {"height": shape[0], "width": shape[1], "channels": 2},
            "layers": [first, make(rng, channels), {"dense": {"units": 3}}],
        }
        x = rng.normal(size=(19, *shape, 2)).astype(np.float32)
        yield xonet.loads(json.dumps(document)), x, np.arange(19) % 3


EVERY = pytest.mark.parametrize("make", [multiply, largest, squeeze_excite])


@EVERY
def test_in_float64(make):
    for network, x, targets in drawn(make):
        model, loss = xonet.Model(network, seed=1), LOSSES.make("cross_entropy")
        plan = model.plan
        exact = Plan(plan.operations, plan.places, plan.flat.astype(np.float64), plan.factors, plan.offsets)
        scores, gradient = ReferenceEngine(exact).gradient(Recipe(loss, len(x)), x.astype(np.float64), targets)
        twin = Twin(network.operations, model.parameters).double()
        theirs = twin(pictures_there(x.astype(np.float64)))
        loss_there(loss)(theirs, torch.from_numpy(targets)).backward()
        # PyTorch's gradient of hard_sigmoid has 1/6 as a float32
        tolerance = 1e-7 if getattr(network.document.layers[1], "gate", "") == "hard_sigmoid" else 1e-9
        close({"scores": scores}, {"scores": theirs.detach().numpy()}, 1e-9)
        close(plan.places.views(gradient), twin.arrays(gradients=True), tolerance)


@EVERY
def test_natively(make):
    for network, x, targets in drawn(make):
        compare(network, "cross_entropy", (x, targets), 1e-5)


def test_squeeze_excite_is_torchvisions():
    """Its formula, with fc1 and fc2 as 1 x 1 convolutions."""
    for network, x, _ in drawn(squeeze_excite):
        layer = network.document.layers[1]
        model = xonet.Model(network, seed=1)
        inside = [op for op in network.operations if op.path.startswith("layers.1")]
        own = {name: torch.from_numpy(array.copy()) for name, array in model.parameters.items()}
        there = pictures_there(x)
        picture = F.conv2d(there, own["layers.0.weights"].permute(0, 3, 1, 2), own["layers.0.bias"])
        fc = [(own[f"{op.path}.weights"][..., None, None], own[f"{op.path}.bias"]) for op in inside if op.parameters]
        gate = {"sigmoid": torch.sigmoid, "hard_sigmoid": F.hardsigmoid}[layer.gate]
        activation = getattr(torch, layer.activation, None) or getattr(F, layer.activation)
        gates = gate(F.conv2d(activation(F.conv2d(F.adaptive_avg_pool2d(picture, 1), *fc[0])), *fc[1]))
        y = (gates * picture).permute(0, 2, 3, 1).flatten(1)
        scores = F.linear(y, own["layers.2.weights"], own["layers.2.bias"])
        close({"scores": model.predict(x)}, {"scores": scores.numpy()}, 1e-5)
