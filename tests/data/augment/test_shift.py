"""`shift`: naive loops, its cases, and how far it reaches."""

from __future__ import annotations

import numpy as np
import pytest

from tests.data.augment.contract import Drawn
from xonet.data.augment import AUGMENTATIONS

CASES = [({"pixels": 1},), ({"pixels": 2},), ({"pixels": 9},)]


def naive(augmentation, x, draw):
    """Each pixel is that which lies as far above and to the left as was drawn, or the nearest on the edge."""
    y = np.zeros_like(x)
    height, width, _ = x.shape
    down, right = (int(np.floor(u * (2 * augmentation.pixels + 1))) - augmentation.pixels for u in draw.uniform(2))
    for i in range(height):
        for j in range(width):
            y[i, j] = x[min(max(i - down, 0), height - 1), min(max(j - right, 0), width - 1)]
    return y


@pytest.mark.parametrize(("pixels", "places"), [(2, [(0, 0), (2, 2), (4, 4)]), (1, [(1, 1), (2, 2), (3, 3)])])
def test_reaches_every_place_and_no_further(pixels, places):
    below_one = np.nextafter(np.float32(1), np.float32(0))
    x = np.zeros((3, 5, 5, 1), np.float32)
    x[:, 2, 2] = 1
    shift = AUGMENTATIONS.make({"shift": {"pixels": pixels}})
    drawn = Drawn([[0, 0], [0.5, 0.5], [below_one, below_one]])
    y = AUGMENTATIONS.part(shift, "reference").apply(shift, x, drawn)
    assert [tuple(np.argwhere(picture[..., 0])[0]) for picture in y] == places
