"""How `noise` disturbs pictures, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.data.augment import Draw
from xonet.data.augment.noise import Noise


def apply(augmentation: Noise, x: np.ndarray, draw: Draw) -> np.ndarray:
    """The pictures x (n, height, width, channels) with noise; a picture's numbers go to its values in memory order."""
    noise = draw.normal(x[0].size).reshape(x.shape)
    return np.asarray(x + np.float32(augmentation.stddev) * noise)
