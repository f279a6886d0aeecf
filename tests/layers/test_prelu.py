"""`prelu`: naive loops, its cases, and how its slopes begin."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, shape
from xonet.language.shapes import Shape

CASES = [({}, (2, 3, 2)), ({"slope": 0.1}, (5,)), ({"trainable": False}, (3, 2, 17)), ({}, (40,))]


def naive(layer, parameters, x):
    """One value after another."""
    y = x.copy()
    for place in np.ndindex(x.shape):
        if x[place] < 0:
            y[place] = parameters["slopes"][place[-1]] * x[place]
    return y


def drawn(rng):
    """Knobs and a shape."""
    return {}, shape(rng)


def test_there_is_one_slope_for_each_channel():
    for knobs, constant, trainable in (({}, 0.25, True), ({"slope": -1, "trainable": False}, -1, False)):
        (slopes,) = make("prelu", knobs).parameters(Shape((4, 5, 3)))
        assert (slopes.name, slopes.shape, slopes.constant, slopes.trainable) == ("slopes", (3,), constant, trainable)
