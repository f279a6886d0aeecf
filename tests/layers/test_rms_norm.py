"""`rms_norm`: naive loops, its cases, and what it learns."""

from __future__ import annotations

from tests.layers import norms
from tests.layers.contract import make
from xonet.language.shapes import Shape

CASES = [
    ({}, (3, 4, 2)),
    ({"axes": "channels"}, (3, 2, 5)),
    ({"axes": "channels", "epsilon": 0.1, "scale": False, "shift": True}, (2, 2, 17)),
    ({"scale": False}, (2, 3, 3)),
    ({"shift": True, "epsilon": 0.01}, (5,)),
]


def naive(layer, parameters, x):
    """All of a picture, or the channels of a pixel; no mean is taken away."""
    return norms.loops(
        layer, parameters, x, lambda place: None if layer.axes == "picture" else place[:-1], centered=False
    )


def drawn(rng):
    """Knobs and a shape."""
    return norms.drawn(rng, axes=True)


def test_it_has_pytorchs_defaults():
    layer = make("rms_norm", {})
    assert [p.name for p in layer.parameters(Shape((3, 4, 2)))] == ["scale"]
    assert abs(layer.epsilon - 2.0**-23) < 1e-14
