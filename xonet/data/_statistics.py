"""Mean and standard deviation of raw pictures, channel by channel: whole numbers are added, so nothing is rounded."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from xonet.data._prepare import Input, ends

PART = 1 << 20
"""Values that are looked at at a time, about."""


def measure(pictures: np.ndarray, input: Input) -> tuple[np.ndarray, np.ndarray]:
    """Mean and std of pictures (n, ..., channels), uint8, once they are inverted and scaled to the range.

    Returns:
        (mean, std), each (channels,) float64. The std is NumPy's, that of the population.

    Raises:
        ValueError: where there are no pictures.
    """
    if not pictures.size:
        raise ValueError("mean and std are measured on at least one picture")
    totals, squares = (np.zeros(pictures.shape[1:], np.uint64) for _ in range(2))
    step = max(1, PART // totals.size)
    for first in range(0, len(pictures), step):
        some = pictures[first : first + step]
        totals += some.sum(axis=0, dtype=np.uint64)
        squares += np.square(some, dtype=np.uint16).sum(axis=0, dtype=np.uint64)  # 255² fits
    count = pictures.size // pictures.shape[-1]
    low, high = ends(input)
    means, stds = [], []
    for total, square in zip(_by_channel(totals), _by_channel(squares), strict=True):
        means.append(low + (high - low) / 255 * (total / count))
        stds.append(abs(high - low) / 255 * math.sqrt((count * square - total**2) / count**2))
    return np.array(means), np.array(stds)


def _by_channel(sums: np.ndarray) -> Sequence[int]:
    """Python's whole numbers, which have no largest."""
    return [int(each) for each in sums.reshape(-1, sums.shape[-1]).sum(axis=0, dtype=np.uint64)]
