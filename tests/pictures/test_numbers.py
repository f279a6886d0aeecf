"""Numbers as the deck writes them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xonet.pictures.numbers import cut, error_lines, grid, output_lines


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (7 / 9, "0.77"), (5 / 9, "0.55"), (-1 / 9, "-0.11"), (1, "1.00"), (-1, "-1.00"), (0, "0.00"), (-0.0, "0.00"),
        (-0.001, "0.00"), (0.999, "0.99"), (-0.999, "-0.99"), (123.456, "123.45"),
        (np.float32(0.92), "0.92"), (np.float32(0.57), "0.57"), (0.9999999, "1.00"), (-0.9999999, "-1.00"),
        (math.nan, "nan"), (math.inf, "inf"), (-math.inf, "-inf"), (1e20, "100000000000000000000.00"),
    ],
)  # fmt: skip
def test_cut(number, text):
    assert cut(float(number)) == text


def test_grid():
    assert list(grid(np.array([[1, -0.5], [10, 0]]))) == [" 1.00 -0.50", "10.00  0.00"]


def test_maps_rows_and_names():
    stack = np.stack([np.eye(2), -np.eye(2)], axis=-1)
    assert list(output_lines("conv", stack)) == [
        "conv: 2 × 2 × 2", "  map 0", "    1.00 0.00", "    0.00 1.00", "  map 1", "    -1.00  0.00", "     0.00 -1.00",
    ]  # fmt: skip
    assert list(output_lines("one", stack[..., :1])) == ["one: 2 × 2 × 1", "    1.00 0.00", "    0.00 1.00"]
    assert list(output_lines("row", np.array([0.5, 2]))) == ["row: 2", "    0.50 2.00"]
    assert list(output_lines("votes", np.array([0.92, 0.51]), ["X", "long"])) == [
        "votes: 2", "    X    0.92", "    long 0.51",
    ]  # fmt: skip


def test_errors():
    scores, right = np.array([0.92, 0.49], np.float32), np.array([1, 0], np.float32)
    lines = list(error_lines(scores, right, ["X", "O"], ("absolute_error", 0.57)))
    assert lines == [
        "error: right answer - actual answer",
        "           right answer  actual answer  error",
        "    X              1.00           0.92   0.08",
        "    O              0.00           0.49   0.49",
        "    total                                0.57",
    ]
    *_, last = error_lines(scores, right, ["X", "O"], ("squared_error", 0.24))
    assert last.split() == ["squared_error", "0.24"], "the loss is no total of these errors, and says its own name"
