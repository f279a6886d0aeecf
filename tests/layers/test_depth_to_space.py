"""`depth_to_space`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, refusal, run
from xonet.layers import LAYERS

CASES = [({"block": 2}, (2, 3, 4)), ({"block": 3}, (1, 2, 18)), ({"block": 2}, (2, 1, 68)), ({"block": 1}, (2, 3, 1))]


def naive(layer, parameters, x):
    """Value by value of the input."""
    block, (pictures, height, width, channels) = layer.block, x.shape
    y = np.zeros((pictures, height * block, width * block, channels // block**2))
    for n, i, j, c in np.ndindex(x.shape):
        channel, rest = divmod(c, block * block)
        y[n, i * block + rest // block, j * block + rest % block, channel] = x[n, i, j, c]
    return y


def test_turns_space_to_depth_around():
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3))
    there, back = make("space_to_depth", {"block": 2}), make("depth_to_space", {"block": 2})
    y = LAYERS.part(there, "reference").forward(there, {}, x, run(False, 2))
    np.testing.assert_array_equal(LAYERS.part(back, "reference").forward(back, {}, y, run(False, 2)), x)


def test_refuses():
    error = refusal("depth_to_space", {"block": 2}, (4, 3, 6))
    assert (error.code, error.knob) == ("block-mismatch", "block")
    assert error.message == "6 channels cannot be made blocks of 2 × 2 pixels"
    assert error.help == "make the channels before it a multiple of 4, or use another block"
    assert refusal("depth_to_space", {"block": 2}, (4,)).code == "needs-picture"
