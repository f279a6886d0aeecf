"""`pad2d`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make, refusal

CASES = [
    ({"padding": 1}, (3, 4, 2)),
    ({"padding": [0, 2]}, (2, 3, 17)),
    ({"padding": [1, 0, 2, 3]}, (2, 3, 1)),
    ({"padding": [2, 1, 3, 0], "mode": "reflect"}, (3, 4, 3)),
    ({"padding": [4, 1, 0, 3], "mode": "edge"}, (2, 1, 2)),
    ({"padding": [[1, 0], [0, 2]], "mode": "reflect"}, (2, 3, 16)),
]


def naive(layer, parameters, x):
    """Value by value, walking back from beyond the picture."""
    (top, bottom), (left, right) = layer.padding
    y = np.zeros((len(x), x.shape[1] + top + bottom, x.shape[2] + left + right, x.shape[3]))
    for n, i, j, c in np.ndindex(y.shape):
        row, column = (found(place, x.shape[axis], layer.mode) for axis, place in ((1, i - top), (2, j - left)))
        y[n, i, j, c] = 0 if None in (row, column) else x[n, row, column, c]
    return y


def found(place, length, mode):
    if 0 <= place < length:
        return place
    if mode == "zeros":
        return None
    if mode == "edge":
        return 0 if place < 0 else length - 1
    return -place if place < 0 else 2 * (length - 1) - place


@pytest.mark.parametrize(
    ("padding", "sides"),
    [
        (2, ((2, 2), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        ([1, 2, 3, 4], ((1, 2), (3, 4))),
        ([[1, 2], [3, 4]], ((1, 2), (3, 4))),
    ],
)
def test_spellings(padding, sides):
    assert make("pad2d", {"padding": padding}).padding == make("crop2d", {"crop": padding}).crop == sides


def test_refuses_a_mirror_image_of_more_than_there_is():
    error = refusal("pad2d", {"padding": [1, 3], "mode": "reflect"}, (4, 3, 2))
    assert (error.code, error.knob) == ("padding-too-wide", "padding")
    assert error.message == "4 × 3 × 2 has 2 columns to mirror beside its edge, fewer than 3"
    assert error.help == "use a padding of 2 or less, or mode: edge"


def test_refuses_a_row():
    assert refusal("pad2d", {"padding": 1}, (4,)).code == "needs-picture"
