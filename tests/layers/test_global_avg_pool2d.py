"""`global_avg_pool2d`: naive loops and its cases."""

from __future__ import annotations

import numpy as np

CASES = [({}, (3, 4, 2)), ({}, (1, 1, 3))]


def naive(layer, parameters, x):
    """The mean of each channel."""
    return np.array(
        [[sum(picture[..., c].ravel()) / picture[..., c].size for c in range(x.shape[-1])] for picture in x]
    )
