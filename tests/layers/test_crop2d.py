"""`crop2d`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import refusal

CASES = [({"crop": 1}, (4, 3, 2)), ({"crop": [0, 2, 1, 0]}, (4, 3, 17)), ({"crop": [[1, 0], [0, 0]]}, (2, 3, 1))]


def naive(layer, parameters, x):
    """Row by row and column by column."""
    (top, bottom), (left, right) = layer.crop
    rows, columns = range(top, x.shape[1] - bottom), range(left, x.shape[2] - right)
    return np.stack([np.stack([x[:, i, j] for j in columns], axis=1) for i in rows], axis=1)


def test_refuses():
    error = refusal("crop2d", {"crop": [1, 2, 2, 0]}, (4, 2, 3))
    assert (error.code, error.knob) == ("empty-output", "crop")
    assert error.message == "taking 2 + 0 columns off 4 × 2 × 3 leaves nothing"
    assert error.help == "take 1 columns or fewer, both sides together"
    assert refusal("crop2d", {"crop": 1}, (4,)).code == "needs-picture"
