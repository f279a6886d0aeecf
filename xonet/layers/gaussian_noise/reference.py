"""`gaussian_noise` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.gaussian_noise import GaussianNoise


def forward(layer: GaussianNoise, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Values 2n and 2n + 1 of a picture, in height, width, channel order, get two numbers made of random numbers so.

    They are the cosine and the sine of 2π times the second, times √(-2 log(1 - the first)) (Box and Muller 1958).
    """
    if not run.training:
        return x
    size = x[0].size
    first, second = np.moveaxis(run.uniform(size + size % 2).astype(np.float64).reshape(len(x), -1, 2), -1, 0)
    radius, angle = np.sqrt(-2 * np.log(1 - first)), 2 * np.pi * second  # 1 - first is never 0
    noise = np.stack([radius * np.cos(angle), radius * np.sin(angle)], -1).reshape(len(x), -1)[:, :size]
    return (x + layer.stddev * noise.reshape(x.shape)).astype(x.dtype)


def backward(
    layer: GaussianNoise, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The slope is 1."""
    return dy, {}
