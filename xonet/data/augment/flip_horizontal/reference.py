"""How `flip_horizontal` mirrors pictures, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.data.augment import Draw
from xonet.data.augment.flip_horizontal import FlipHorizontal


def apply(augmentation: FlipHorizontal, x: np.ndarray, draw: Draw) -> np.ndarray:
    """The pictures x (n, height, width, channels), those mirrored whose number is below the probability."""
    mirrored = draw.uniform(1)[:, 0] < np.float32(augmentation.probability)
    return np.where(mirrored[:, None, None, None], x[:, :, ::-1], x)
