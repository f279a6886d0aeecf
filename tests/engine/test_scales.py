"""The native engine computes what the reference does of numbers that are far from 0, too, in groups and one by one.

The first layer hands on what it is given to the last bit, so that both engines' next layer gets the same numbers.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.test_native import SQUARED, close, plans, traced
from tests.layers.contract import make, spread
from tests.members import cases
from xonet.engine.native_engine import FEW, NativeEngine
from xonet.engine.plan import Recipe
from xonet.engine.reference import ReferenceEngine
from xonet.layers import LAYERS
from xonet.losses import LOSSES

PICTURES = 21
SCALES = pytest.mark.parametrize("scale", [10, 1e4], ids=["10", "10000"])


def behind_identity(shape, *layers):
    """Operations, and a plan for each engine whose first weights are those of the identity."""
    first = {"features": shape[-1], "kernel_size": 1} if len(shape) == 3 else {"units": shape[0]}
    operations = traced([make("conv2d" if len(shape) == 3 else "dense", {**first, "bias": False}), *layers], shape)
    both = list(plans(operations))
    for plan in both:
        weights = plan.places.views(plan.flat)["layers.0.weights"]
        weights[...] = np.eye(shape[-1]).reshape(weights.shape)
    return both


def compare(both, x, targets, loss=SQUARED):
    native, reference = NativeEngine(both[0], 2), ReferenceEngine(both[1])
    expected = reference.scores(x)
    close(native.scores(x), expected)
    close(native.scores(x[:FEW]), expected[:FEW])
    recipe = Recipe(loss, len(x), seed=5)
    for mine, wanted in zip(native.gradient(recipe, x, targets), reference.gradient(recipe, x, targets), strict=True):
        close(mine, wanted)


@pytest.mark.parametrize(
    ("word", "knobs", "shape"), [case for case in cases(LAYERS) if not isinstance(case.values[2], list)]
)
@SCALES
def test_every_layer(word, knobs, shape, scale):
    both = behind_identity(shape, make(word, knobs))
    x = (spread(np.random.default_rng(3), (PICTURES, *shape)) * scale).astype(np.float32)
    compare(both, x, np.random.default_rng(4).normal(size=(PICTURES, both[0].outputs)).astype(np.float32))


@pytest.mark.parametrize(("word", "knobs"), cases(LOSSES))
@SCALES
@pytest.mark.parametrize("classes", [True, False], ids=["classes", "values"])
def test_every_loss(word, knobs, scale, classes):
    both = behind_identity((5,))
    x = (spread(np.random.default_rng(3), (PICTURES, 5)) * scale).astype(np.float32)
    values = np.random.default_rng(4).uniform(size=(PICTURES, 5)).astype(np.float32)
    compare(both, x, np.arange(PICTURES) % 5 if classes else values, LOSSES.make({word: knobs}))
