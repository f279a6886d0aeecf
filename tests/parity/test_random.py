"""Layers on random knobs and shapes are PyTorch's: in float64 to nine digits, natively to five.

A layer takes part whose test file has `drawn(rng)`, which gives knobs and an input's shape. Where PyTorch itself has
fewer digits in float64, that file says how many are the same, with `FLOAT64`, and why.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch

from tests.layers import contract
from tests.members import has_tests, own_tests
from tests.parity.beside import around, close
from tests.parity.test_pytorch import compare, one_thread  # noqa: F401
from xonet.bench.peers.twin import Twin, pictures_there
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.layers._graph import Trace, Value

CASES = 30
WORDS = [word for word in LAYERS.members if has_tests(LAYERS, word) and hasattr(own_tests(LAYERS, word), "drawn")]


def drawn(word):
    """Each case with the generator that made it."""
    for number in range(CASES):
        rng = np.random.default_rng((number, *word.encode()))
        yield (*own_tests(LAYERS, word).drawn(rng), rng)


@pytest.mark.parametrize("word", WORDS)
def test_in_float64(word):
    tolerance = getattr(own_tests(LAYERS, word), "FLOAT64", 1e-9)
    for knobs, shape, rng in drawn(word):
        layer, trace, pictures = contract.make(word, knobs), Trace(), int(rng.integers(1, 4))
        trace.apply(layer, Value(Shape(shape)))
        x = rng.normal(size=(pictures, *shape)) * 10 ** rng.uniform(-4, 3, (pictures, *shape))
        names = {p.name: trace.operations[0].full_name(p) for p in trace.operations[0].parameters}
        # of what a twin begins with, float32
        own = {
            name: array.astype(np.float32).astype(float) for name, array in contract.parameters(layer, shape).items()
        }
        reference, how = LAYERS.part(layer, "reference"), contract.run(True, pictures)
        with np.errstate(all="ignore"):
            y = reference.forward(layer, own, x, how)
            dy = rng.normal(size=y.shape)
            dx, gradients = reference.backward(layer, own, x, y, dy, how)
        twin = Twin(trace.operations, {names[name]: array for name, array in own.items()}).double()
        there = pictures_there(x).requires_grad_()
        scores = twin(there)
        scores.backward(torch.from_numpy(dy.reshape(pictures, -1)))
        mine = {"y": y.reshape(pictures, -1), "dx": np.moveaxis(dx, -1, 1)}
        close(mine, {"y": scores.detach().numpy(), "dx": there.grad.numpy()}, tolerance)
        if gradients:
            close({names[name]: array for name, array in gradients.items()}, twin.arrays(gradients=True), tolerance)


@pytest.mark.parametrize("word", WORDS)
def test_natively(word):
    for knobs, shape, _ in drawn(word):
        network, batch = around(word, knobs, shape)
        compare(network, "cross_entropy", batch, 1e-5)
