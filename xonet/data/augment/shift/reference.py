"""How `shift` moves pictures, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.data.augment import Draw
from xonet.data.augment.shift import Shift


def apply(augmentation: Shift, x: np.ndarray, draw: Draw) -> np.ndarray:
    """The pictures x (n, height, width, channels), each moved down and right by what it drew (negative: up and left).

    The first number of a picture is for the rows, the second for the columns.
    """
    n, height, width, _ = x.shape
    # floor(u · places) is below `places` because u is below 1, but their product may round up to it.
    places = 2 * augmentation.pixels + 1
    moves = np.minimum((draw.uniform(2) * np.float32(places)).astype(np.int64), places - 1) - augmentation.pixels
    rows = np.clip(np.arange(height) - moves[:, :1], 0, height - 1)
    columns = np.clip(np.arange(width) - moves[:, 1:], 0, width - 1)
    return np.asarray(x[np.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]])
