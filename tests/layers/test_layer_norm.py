"""`layer_norm`: naive loops, its cases, and what it learns."""

from __future__ import annotations

import pytest

from tests.layers import norms
from tests.layers.contract import make
from xonet.language.shapes import Shape

CASES = [
    ({}, (3, 4, 2)),
    ({"axes": "channels"}, (3, 2, 5)),
    ({"axes": "channels", "epsilon": 0.1, "shift": False}, (2, 2, 3)),
    ({"scale": False}, (2, 3, 3)),
    ({"scale": False, "shift": False}, (2, 1, 18)),
    ({"trainable": False}, (2, 3, 2)),
    ({"epsilon": 0.1}, (5,)),
    ({}, (19,)),
]


def naive(layer, parameters, x):
    """All of a picture, or the channels of a pixel."""
    return norms.loops(layer, parameters, x, lambda place: None if layer.axes == "picture" else place[:-1])


def drawn(rng):
    """Knobs and a shape."""
    return norms.drawn(rng, axes=True)


@pytest.mark.parametrize(("axes", "size"), [("picture", (3, 4, 2)), ("channels", (2,))])
def test_it_learns_as_much_as_is_normalized_together(axes, size):
    learned = make("layer_norm", {"axes": axes}).parameters(Shape((3, 4, 2)))
    assert [(p.name, p.shape, p.constant, p.trainable) for p in learned] == [
        ("scale", size, 1.0, True),
        ("shift", size, 0.0, True),
    ]


def test_what_is_left_out_is_no_parameter():
    layer = make("layer_norm", {"scale": False, "trainable": False})
    assert [(p.name, p.trainable) for p in layer.parameters(Shape((7,)))] == [("shift", False)]
