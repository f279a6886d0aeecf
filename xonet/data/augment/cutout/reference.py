"""How `cutout` covers a square, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.data.augment import Draw
from xonet.data.augment.cutout import Cutout


def apply(augmentation: Cutout, x: np.ndarray, draw: Draw) -> np.ndarray:
    """The pictures x (n, height, width, channels), 0 in the square whose centre each drew: its row, then its column."""
    _, height, width, _ = x.shape
    u = draw.uniform(2)

    def covered(drawn: np.ndarray, extent: int) -> np.ndarray:
        # floor(u · extent) is below `extent` because u is below 1, but their product may round up to it.
        centre = np.minimum((drawn * np.float32(extent)).astype(np.int64), extent - 1)
        first = (centre - augmentation.size // 2)[:, None]
        places = np.arange(extent)
        return np.asarray((places >= first) & (places < first + augmentation.size))

    square = covered(u[:, 0], height)[:, :, None] & covered(u[:, 1], width)[:, None, :]
    return np.where(square[..., None], x.dtype.type(0), x)
