"""`instance_norm`: naive loops, its cases, and rows of numbers."""

from __future__ import annotations

from tests.layers import norms
from tests.layers.contract import make, refusal
from xonet.language.shapes import Shape

CASES = [
    ({}, (3, 4, 2)),
    ({"scale": True, "shift": True, "epsilon": 0.1}, (2, 3, 3)),
    ({"shift": True}, (3, 3, 17)),
    ({"scale": True, "trainable": False}, (4, 3, 2)),
]


def naive(layer, parameters, x):
    """A channel over all pixels."""
    return norms.loops(layer, parameters, x, lambda place: place[-1])


def drawn(rng):
    """Knobs and a shape."""
    return norms.drawn(rng, rows=False)


def test_it_learns_nothing_unless_it_is_asked_to():
    assert make("instance_norm", {}).parameters(Shape((3, 4, 2))) == []


def test_a_row_of_numbers_is_refused():
    assert refusal("instance_norm", {}, (5,)).code == "needs-picture"
