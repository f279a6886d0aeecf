"""`cutout`: naive loops, its cases, and where its square may lie."""

from __future__ import annotations

import numpy as np
import pytest

from tests.data.augment.contract import Drawn
from xonet.data.augment import AUGMENTATIONS

CASES = [({"size": 1},), ({"size": 2},), ({"size": 5},)]


def naive(augmentation, x, draw):
    """Each pixel is 0 if it lies in the square around the centre that was drawn."""
    y = x.copy()
    height, width, _ = x.shape
    a, b = (int(np.floor(u * extent)) for u, extent in zip(draw.uniform(2), (height, width), strict=True))
    half = augmentation.size // 2
    for i in range(height):
        for j in range(width):
            if 0 <= i - (a - half) < augmentation.size and 0 <= j - (b - half) < augmentation.size:
                y[i, j] = 0
    return y


@pytest.mark.parametrize(
    ("size", "covered"),
    [(1, ["1000", "0010", "0001"]), (2, ["1000", "0110", "0011"]), (3, ["1100", "0111", "0011"]), (9, ["1111"] * 3)],
)
def test_a_square_reaches_every_edge_and_is_cut_there(size, covered):
    below_one = np.nextafter(np.float32(1), np.float32(0))
    cutout = AUGMENTATIONS.make({"cutout": {"size": size}})
    drawn = Drawn([[0, 0], [0.5, 0.5], [below_one, below_one]])
    y = AUGMENTATIONS.part(cutout, "reference").apply(cutout, np.ones((3, 4, 4, 1), np.float32), drawn)
    squares = [np.array([int(one) for one in rows]) for rows in covered]
    np.testing.assert_array_equal(y[..., 0], [1 - np.outer(square, square) for square in squares])
