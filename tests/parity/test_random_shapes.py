"""Layers that change a picture's shape against PyTorch, forward and back, with knobs and shapes drawn at random."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch

import xonet
from tests.layers.contract import run
from tests.parity.beside import close
from xonet.bench.peers.twin import Twin, loss_there, pictures_there
from xonet.engine.plan import Recipe
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import LAYERS
from xonet.losses import LOSSES

DRAWS = 30
"""Of each layer."""
MOST = 3000
"""Values of its output."""
CHANNELS = (1, 2, 3, 4, 6, 8, 12, 16, 18, 24, 32, 33)


def pair(rng, least, most):
    """A number, or two."""
    both = [int(rng.integers(least, most + 1)) for _ in range(2)]
    return both if rng.random() < 0.5 else both[0]


def sides(rng):
    """In any spelling."""
    top, bottom, left, right = (int(rng.integers(0, 4)) for _ in range(4))
    spellings = [top, [top, left], [top, bottom, left, right], [[top, bottom], [left, right]]]
    return spellings[int(rng.integers(4))]


def conv_transpose2d(rng):
    padding = [sides(rng), "valid", "same"][int(rng.integers(3))]
    if isinstance(padding, list) and len(padding) == 4:
        padding = [padding[:2], padding[2:]]
    return {
        "features": int(rng.choice(CHANNELS)),
        "kernel_size": pair(rng, 1, 4),
        "stride": pair(rng, 1, 3),
        "dilation": pair(rng, 1, 3) if rng.random() < 0.4 else 1,
        "padding": padding,
        "output_padding": 0 if padding == "same" or rng.random() < 0.6 else pair(rng, 0, 2),
        "groups": int(rng.choice([1, 1, 1, 2, 3, 4, 6, 8])),
        "bias": bool(rng.random() < 0.7),
    }


KNOBS = {
    "conv_transpose2d": conv_transpose2d,
    "upsample2d": lambda rng: {"scale": pair(rng, 1, 4), "mode": str(rng.choice(["nearest", "bilinear"]))},
    "pad2d": lambda rng: {"padding": sides(rng), "mode": str(rng.choice(["zeros", "reflect", "edge"]))},
    "crop2d": lambda rng: {"crop": sides(rng)},
    "space_to_depth": lambda rng: {"block": int(rng.integers(1, 5))},
    "depth_to_space": lambda rng: {"block": int(rng.integers(1, 5))},
    "channel_shuffle": lambda rng: {"groups": int(rng.integers(1, 9))},
}


def drawn(word):
    """Knobs and shapes that fit together: as many as `DRAWS`, the same every time."""
    rng, found = np.random.default_rng(sum(map(ord, word))), []
    while len(found) < DRAWS:
        shape = Shape((int(rng.integers(1, 9)), int(rng.integers(1, 9)), int(rng.choice(CHANNELS))))
        knobs = KNOBS[word](rng)
        try:
            output = LAYERS.make({word: knobs}).output_shape(shape)
        except ShapeError:
            continue
        if (output.size <= MOST and output != shape) or word == "channel_shuffle":
            found.append((knobs, shape))
    return found


def network(word, knobs, shape, *before):
    document = {
        "xonet": 1,
        "input": dict(zip(("height", "width", "channels"), shape, strict=True)),
        "layers": [*before, {word: knobs}],
    }
    return xonet.loads(json.dumps(document))


def near(mine, theirs, tolerance):
    """Equal up to `tolerance` of the largest."""
    assert mine.shape == theirs.shape
    assert np.abs(mine - theirs).max() <= tolerance * max(1e-3, np.abs(theirs).max())


@pytest.mark.parametrize("word", KNOBS)
def test_reference(word, pictures=2):
    for number, (knobs, shape) in enumerate(drawn(word)):
        rng = np.random.default_rng(number)
        (operation,) = network(word, knobs, shape).operations
        own = {p.name: rng.normal(size=p.shape).astype(np.float32) for p in operation.parameters}
        twin = Twin([operation], {f"{operation.path}.{name}": array for name, array in own.items()}).double()
        own = {name: array.astype(np.float64) for name, array in own.items()}
        x = rng.normal(size=(pictures, *shape))
        layer, reference = operation.layer, LAYERS.part(operation.layer, "reference")
        y = reference.forward(layer, own, x, run(True, pictures))
        dy = rng.normal(size=y.shape)
        dx, gradients = reference.backward(layer, own, x, y, dy, run(True, pictures))
        there = pictures_there(x).requires_grad_()
        theirs = twin(there)
        theirs.backward(torch.from_numpy(dy.reshape(pictures, -1)))
        near(y.reshape(pictures, -1), theirs.detach().numpy(), 1e-9)
        near(dx, there.grad.permute(0, 2, 3, 1).numpy(), 1e-9)
        for name, gradient in twin.arrays(gradients=True).items():
            near(gradients[name.removeprefix(f"{operation.path}.")], gradient, 1e-9)


@pytest.mark.parametrize("word", KNOBS)
def test_native(word, pictures=19):
    for number, (knobs, shape) in enumerate(drawn(word)):
        rng = np.random.default_rng(number)
        own = network(word, knobs, shape, {"conv2d": {"features": shape.channels, "kernel_size": 1}})
        model = xonet.Model(own, seed=number, threads=1 + number % 2)
        twin = Twin(own.operations, model.parameters).double()
        x = rng.normal(size=(pictures, *shape)).astype(np.float32)
        targets = rng.normal(size=(pictures, own.operations[-1].output.shape.size)).astype(np.float32)
        loss = LOSSES.make("squared_error")
        theirs = twin(pictures_there(x.astype(np.float64)))
        loss_there(loss)(theirs, torch.from_numpy(targets.astype(np.float64))).backward()
        scores, gradient = model.engine.gradient(Recipe(loss, pictures), x, targets)
        expected = theirs.detach().numpy()
        near(scores, expected, 1e-5)
        near(model.predict(x), expected, 1e-5)
        near(model.predict(x[:1]), expected[:1], 1e-5)
        mine = model.plan.places.views(gradient)
        close(mine, twin.arrays(gradients=True), 1e-5)
