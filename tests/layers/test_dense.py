"""`dense`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, refusal
from xonet.language.shapes import Shape

CASES = [
    ({"units": 3}, (5,)),
    ({"units": 2}, (2, 3, 2)),
    ({"units": 1, "bias": False}, (4,)),
    ({"units": 2, "reduce": "mean"}, (2, 2, 2)),
]


def naive(layer, parameters, x):
    """Every value, in height, width, channel order, for every unit."""
    y = np.zeros((len(x), layer.units))
    for n, u in np.ndindex(y.shape):
        values = x[n].ravel()
        total = sum(parameters["weights"][u, i] * values[i] for i in range(len(values)))
        if layer.reduce == "mean":
            total /= len(values)
        y[n, u] = total + (parameters["bias"][u] if "bias" in parameters else 0)
    return y


def test_counts():
    layer, shape = make("dense", {"units": 3}), Shape((2, 3, 4))
    assert {p.name: p.shape for p in layer.parameters(shape)} == {"weights": (3, 24), "bias": (3,)}
    assert layer.macs(shape) == 72
    assert layer.reach(shape) == ((2, 3), (1, 1))


def test_refuses_literals_of_another_shape():
    error = refusal("dense", {"units": 2, "weights": [[1, 2, 3]]}, (3,))
    assert error.message == "weights must be 2 × 3 numbers, but these are 1 × 3"


def test_refuses_two_beginnings():
    error = refusal("dense", {"units": 2, "weights": 0.5, "init": "ones"}, (3,))
    assert (error.code, error.knob) == ("init-and-weights", "init")
    assert error.message == "init has no effect on literal weights"
    assert error.help == "remove init, or the literal weights"


def test_lengths_of_one_may_be_left_out():
    layer = make("dense", {"units": 1, "weights": [1, 2, 3]})
    assert layer.parameters(Shape((3,)))[0].literal == [1, 2, 3]
