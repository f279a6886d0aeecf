"""Every layer and every loss, of random knobs and shapes, is PyTorch's: in float64 to nine digits, natively to five.

Layers and losses are found, not listed, and knobs are drawn from what they declare, or by `drawn(rng)` in a layer's
tests, to (knobs, input shape). Where PyTorch itself has fewer digits in float64, that file says how many are the same,
with `FLOAT64`, and why.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch

from tests.members import own_tests
from tests.parity import draw, judge
from tests.parity.test_pytorch import one_thread  # noqa: F401
from xonet.bench.peers.twin import Twin, pictures_there
from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Recipe
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.losses import ONE_SCORE

ROUNDING = 10
"""How much larger than those of PyTorch's float32 our errors may be, where layers make them grow. A gradient behind
`instance_norm` is 1.03e-5 of its largest off here, and a tenth of that there, by the luck of another order of sums."""


@pytest.mark.parametrize("word", LAYERS.members)
def test_a_layer_in_float64(word):
    for layer, shape, rng in draw.layers(word):
        case = draw.case(draw.traced([layer], shape), rng, "squared_error", "values")
        x = rng.normal(size=case.pictures.shape)
        if hasattr(own_tests(LAYERS, word), "value"):  # each number by itself, so of all sizes
            x *= 10 ** rng.uniform(-4, 3, x.shape)
        judge.reference_is_theirs(case, x)


@pytest.mark.parametrize("word", LAYERS.members)
def test_a_layer_natively(word):
    for layer, shape, rng in draw.layers(word):
        # No bias before what takes a mean away: its true gradient is 0, and what is left are rounding errors. Those of
        # weights are small differences of large sums there, too: they do not change the output where all grow alike.
        norm = "epsilon" in LAYERS.members[word].fields
        operations = draw.traced([draw.before(shape, bias=not norm), layer], shape)
        case = draw.case(operations, rng, "squared_error", "values")
        judge.native_is_theirs(case, ROUNDING if norm or len(operations) > 2 else 0)


@pytest.mark.parametrize(("word", "answers"), draw.ANSWERS)
def test_a_loss(word, answers):
    """Its gradient natively is that of a dense layer's weights, which are scores of pictures that have one 1 each."""
    for number in range(draw.CASES):
        rng = np.random.default_rng((number, *(word + answers).encode()))
        pictures, outputs = int(rng.integers(1, 40)), 1 if answers == ONE_SCORE else int(rng.integers(2, 40))
        loss, targets = draw.loss_and_targets(rng, word, answers, pictures, outputs)
        scores = rng.normal(size=(pictures, outputs)) * rng.choice([0.5, 3, 10])
        judge.loss_is_theirs(loss, scores, targets)
        judge.native_loss_is_theirs(loss, scores.astype(np.float32), targets)


@pytest.mark.parametrize("word", [word for word, kind in LAYERS.members.items() if kind.training_only])
def test_a_layer_of_random_numbers(word):
    """Outside training PyTorch's; in it, pictures have the statistics that PyTorch's have, and other ones each step."""
    torch.manual_seed(1)
    for number in range(4):
        rng = np.random.default_rng((number, *word.encode()))
        (operation,) = draw.traced([draw.member(rng, LAYERS, word)], Shape((4, 5, 8)))
        case = draw.case([operation], rng, "squared_error", "values")
        x = np.ones((600, *operation.output.shape), np.float32)
        twin, engine = Twin([operation], {}), NativeEngine(case.plan())
        assert np.array_equal(engine.scores(x), twin.eval()(pictures_there(x)).numpy())
        recipe, targets = Recipe(case.loss, len(x)), np.zeros((len(x), x[0].size), np.float32)
        mine, later = (engine.gradient(recipe, x, targets, step)[0] for step in (1, 2))
        assert (mine != later).any() == (mine != x.reshape(mine.shape)).any()
        theirs = twin.train()(pictures_there(x)).numpy()
        ours, others = (of_each_picture(y.reshape(x.shape)) for y in (mine, theirs))
        spread = np.sqrt((ours.var(axis=0) + others.var(axis=0)) / len(x))
        assert (np.abs(ours.mean(axis=0) - others.mean(axis=0)) <= 5 * spread + 1e-6).all(), case.operations[0].layer


def of_each_picture(y):
    """Means and squares over all of it, and of what a channel, a pixel, and a row have in common."""
    means = [y.mean(axis=axes) for axes in ((1, 2, 3), (1, 2), 3, (2, 3))]
    parts = [mean.reshape(len(y), -1) for mean in (y, *means)]
    return np.stack([y.mean(axis=(1, 2, 3)), *((part**2).mean(axis=1) for part in parts)], axis=1)
