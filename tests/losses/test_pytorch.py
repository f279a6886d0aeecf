"""Every loss and its gradient are PyTorch's, on shapes and knobs drawn at random: the reference's and the kernels'."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.engine.native_engine import NativeEngine
from xonet.engine.plan import Plan, Recipe, one_hot
from xonet.engine.storage import layout
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.layers._graph import Trace, Value
from xonet.losses import CLASSES, LABELS, LOSSES, ONE_SCORE, VALUES
from xonet.program.alignment import aligned

torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")

DRAWN = 30
EVERY = [(word, answers) for word, loss in LOSSES.members.items() for answers in loss.fits]


def draw(word, answers, number):
    """A loss with random knobs, scores (n, outputs) and targets as a training has them."""
    rng = np.random.default_rng([number, *map(ord, word + answers)])
    member = LOSSES.members[word]
    drawn = {
        "label_smoothing": lambda: rng.uniform(0, 0.9),
        "reduce": lambda: str(rng.choice(["sum", "mean"])),
        "gamma": lambda: rng.uniform(0.2, 4),
        "alpha": lambda: rng.uniform(0, 1),
        "delta": lambda: rng.uniform(0.1, 3),
        "margin": lambda: rng.uniform(0.1, 3),
    }
    knobs = {name: drawn[name]() for name in member.fields if number % 3}
    pictures, outputs = int(rng.integers(1, 40)), 1 if answers == ONE_SCORE else int(rng.integers(2, 40))
    scores = rng.normal(size=(pictures, outputs)) * rng.choice([0.5, 3, 10])
    if answers in (CLASSES, ONE_SCORE):
        targets = rng.integers(0, max(2, outputs), pictures)
    elif answers == LABELS:
        targets = rng.integers(0, 2, scores.shape).astype(np.float64)
    elif answers == VALUES and VALUES in member.fits and LABELS not in member.fits and CLASSES in member.fits:
        powers = np.exp(rng.normal(size=scores.shape))  # probabilities
        targets = powers / powers.sum(axis=1, keepdims=True)
    else:
        targets = rng.uniform(0, 1, scores.shape)
    return LOSSES.make({word: knobs}).of(answers), scores, targets


def theirs(loss, scores, targets):
    """The mean loss, and the gradient of that."""
    from xonet.bench.peers.twin import loss_there

    tensor = torch.tensor(scores, requires_grad=True)
    found = loss_there(loss)(tensor, torch.tensor(targets))
    found.backward()
    return float(found.detach()), tensor.grad.numpy()


def native(loss, scores, targets):
    """The gradient of the mean loss: a dense layer's weights are the scores of pictures that have one 1 each."""
    pictures = len(scores)
    trace = Trace()
    trace.through([LAYERS.make({"dense": {"units": scores.shape[1], "bias": False}})], Value(Shape((pictures,))), "x")
    places = layout(trace.operations)
    flat = aligned(places.total)
    plan = Plan(trace.operations, places, flat, np.ones(1, np.float32), np.zeros(1, np.float32))
    (name,) = places.places
    places.views(flat)[name][...] = scores.T
    kept = targets if targets.ndim == 1 else targets.astype(np.float32)
    _, gradient = NativeEngine(plan, 2).gradient(Recipe(loss, pictures), np.eye(pictures, dtype=np.float32), kept)
    return places.views(gradient)[name].T


@pytest.mark.parametrize(("word", "answers"), EVERY)
def test_loss_and_gradient_are_pytorchs(word, answers):
    for number in range(DRAWN):
        loss, scores, targets = draw(word, answers, number)
        expected, slope = theirs(loss, scores, targets)
        reference, wanted = LOSSES.part(loss, "reference"), one_hot(targets, scores.shape[1], np.float64)
        mine = reference.backward(loss, scores, wanted) / len(scores)
        assert abs(reference.forward(loss, scores, wanted).mean() - expected) <= 1e-9 * max(1, abs(expected)), number
        assert np.abs(mine - slope).max() <= 1e-9 * np.abs(slope).max(), number
        scores = scores.astype(np.float32)
        _, slope = theirs(loss, scores.astype(np.float64), targets)
        assert np.abs(native(loss, scores, targets) - slope).max() <= 1e-5 * np.abs(slope).max(), number


@pytest.mark.parametrize(("word", "answers"), EVERY)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_no_number_is_told(word, answers, bad):
    """By the loss; and by the gradient, which ends training in that very step, if it is NaN."""
    loss, scores, targets = draw(word, answers, 1)
    scores[-1, 0] = bad
    wanted = one_hot(targets, scores.shape[1])
    if np.isnan(bad):
        assert np.isnan(native(loss, scores.astype(np.float32), wanted)[-1]).any()
    with np.errstate(all="ignore"):
        assert not np.isfinite(LOSSES.part(loss, "reference").forward(loss, scores[-1:], wanted[-1:])).any()
