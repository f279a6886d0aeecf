"""`space_to_depth`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import refusal

CASES = [({"block": 2}, (4, 2, 3)), ({"block": 3}, (3, 6, 2)), ({"block": 2}, (2, 4, 17)), ({"block": 1}, (2, 3, 1))]


def naive(layer, parameters, x):
    """Value by value of the input."""
    block, (pictures, height, width, channels) = layer.block, x.shape
    y = np.zeros((pictures, height // block, width // block, channels * block * block))
    for n, i, j, c in np.ndindex(x.shape):
        (row, a), (column, b) = divmod(i, block), divmod(j, block)
        y[n, row, column, c * block * block + a * block + b] = x[n, i, j, c]
    return y


def test_refuses():
    error = refusal("space_to_depth", {"block": 2}, (4, 3, 2))
    assert (error.code, error.knob) == ("block-mismatch", "block")
    assert error.message == "4 × 3 × 2 cannot be cut into blocks of 2 × 2 pixels"
    assert error.help == "use a block that divides 4 rows and 3 columns, or put a pad2d before it"
    assert refusal("space_to_depth", {"block": 2}, (4,)).code == "needs-picture"
