"""What is drawn at random to be compared with PyTorch: each layer, each loss, and whole networks with everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

import xonet
from tests.differential.draw import AGAIN, CHANNELS, member, small, stack, traced
from tests.members import own_tests
from tests.parity.judge import Case
from xonet.engine.storage import layout
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.layers._graph import Operation
from xonet.losses import CLASSES, INPUT, LABELS, LOSSES, ONE_SCORE
from xonet.network import Network

CASES = 30
"""Of each layer, and of each loss."""
MOST = 3000
"""Values of a layer's output."""
PICTURES = (5, 16, 17, 35)
ANSWERS = [(word, answers) for word, loss in LOSSES.members.items() for answers in loss.fits]
"""Every loss, and all that it can measure."""


def layers(word: str, seed: int = 0) -> Iterator[tuple[Any, Shape, np.random.Generator]]:
    """Thirty times: a layer as a user would write it, the shape that it is given, and what else is drawn with.

    They come from `drawn(rng)` in the layer's tests, or else from the kinds of its knobs.
    """
    own = getattr(own_tests(LAYERS, word), "drawn", None)
    for number in range(CASES):
        rng = np.random.default_rng((seed, number, *word.encode()))
        while True:
            if own is not None:
                knobs, sides = own(rng)
                layer, shape = {word: knobs}, Shape(sides)
            else:
                shape = _shape(rng)
                layer = member(rng, LAYERS, word, shape, 1)
            operations = traced([layer], shape)
            if operations and small(operations) and operations[-1].output.shape.size <= MOST:
                yield layer, shape, rng
                break


def _shape(rng: np.random.Generator) -> Shape:
    if rng.random() < 0.15:
        return Shape((int(rng.integers(1, 41)),))
    return Shape((int(rng.integers(1, 9)), int(rng.integers(1, 9)), int(rng.choice(CHANNELS))))


def before(shape: Shape, bias: bool) -> Any:
    """A layer that learns, and changes no shape: its gradient tells what gradient its output has."""
    if shape.is_picture:
        return {"conv2d": {"features": shape.channels, "kernel_size": 1, "bias": bias}}
    return {"dense": {"units": shape.channels, "bias": bias}}


def case(operations: list[Operation], rng: np.random.Generator, word: str, answers: str, spread: float = 1) -> Case:
    """With parameters away from where they would begin, normally distributed pictures, and targets for a loss."""
    places = layout(operations)
    flat = np.zeros(places.total, np.float32)
    for name, view in places.views(flat).items():
        if name.endswith(("scale", "variance")):
            view[...] = rng.uniform(0.5, 1.5, view.shape)
        else:
            fan_in = view[0].size if view.ndim > 1 else 25
            view[...] = rng.normal(size=view.shape) * np.sqrt(1 / fan_in)
    pictures = int(rng.choice(PICTURES))
    shape, outputs = operations[0].inputs[0].shape, operations[-1].output.shape.size
    x = (rng.normal(size=(pictures, *shape)) * spread).astype(np.float32)
    loss, targets = loss_and_targets(rng, word, answers, pictures, outputs)
    if answers == INPUT:
        targets = x.reshape(pictures, -1).astype(np.float64)
    return Case(operations, flat, x, loss, targets)


def loss_and_targets(rng: np.random.Generator, word: str, answers: str, pictures: int, outputs: int) -> tuple[Any, Any]:
    """A loss with knobs of their kinds, for those answers, and targets as a training has them."""
    kind = LOSSES.members[word]
    if answers in (CLASSES, ONE_SCORE):
        targets = rng.integers(0, max(2, outputs), pictures)
    elif answers == LABELS:
        targets = rng.integers(0, 2, (pictures, outputs)).astype(np.float64)
    elif LABELS not in kind.fits and CLASSES in kind.fits:
        powers = np.exp(rng.normal(size=(pictures, outputs)))  # probabilities
        targets = powers / powers.sum(axis=1, keepdims=True)
    else:
        targets = rng.uniform(0, 1, (pictures, outputs))
    return LOSSES.make(member(rng, LOSSES, word)).of(answers), targets


def outputs_for(answers: str, rng: np.random.Generator, shape: Shape) -> int:
    """How many scores there are to be."""
    if answers == INPUT:
        return shape.size
    return 1 if answers == ONE_SCORE else int(rng.integers(2, 40))


def network(seed: int, number: int) -> tuple[Network, np.random.Generator, tuple[str, str]]:
    """A tree of everything: the layers in turn, and the losses, so that each has its share; and what else is drawn."""
    rng = np.random.default_rng((seed, number))
    word, answers = ANSWERS[number % len(ANSWERS)]
    wanted = list(LAYERS.members)[number % len(LAYERS.members)]
    while True:
        shape = _shape(rng)
        if answers == INPUT and shape.size > 300:
            continue
        plain = stack(rng, shape, int(rng.integers(1, 7)), 2)
        here = traced(plain, shape)[-1].output.shape if traced(plain, shape) else shape
        for _ in range(AGAIN):
            layer = member(rng, LAYERS, wanted, here, 2)
            if traced([*plain, layer], shape):
                plain.append(layer)
                break
        else:
            continue
        plain += stack(rng, traced(plain, shape)[-1].output.shape, int(rng.integers(0, 3)), 1)
        outputs = outputs_for(answers, rng, shape)
        plain.append({"dense": {"units": outputs}})
        operations = traced(plain, shape)
        if operations and small(operations):
            return written(lines(rng, plain), shape), rng, (word, answers)


def lines(rng: np.random.Generator, plain: list[Any]) -> list[Any]:
    """The same layers, some of which stand in a line of their own."""
    if len(plain) < 2 or rng.random() < 0.4:
        return plain
    first, last = sorted(rng.choice(len(plain) + 1, 2, replace=False))
    return [*plain[:first], lines(rng, plain[first:last]), *plain[last:]]


def written(plain: list[Any], shape: Shape) -> Network:
    """A network file of layers."""
    sides = ("height", "width", "channels") if shape.is_picture else ("features",)
    document = {"xonet": 1, "input": dict(zip(sides, shape, strict=True)), "layers": plain}
    return xonet.loads(json.dumps(document))
