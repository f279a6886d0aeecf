"""The layer `gaussian_noise`: every value changes a little during training."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers import Layer


class GaussianNoise(Layer):
    """Adds a random number to every value during training: y = x + stddev · n, n from the normal distribution.

    Each n has mean 0 and variance 1, and is drawn for each value of each picture by itself. Outside training nothing
    changes. Keras' GaussianNoise; Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization.
    """

    training_only = True
    sums = True

    nearly: ClassVar = {
        "RandomNoise": "write gaussian_noise: {stddev: 0.1}, or augment: [noise: {stddev: 0.1}] for the input",
    }
    advice: ClassVar = Layer.advice | {
        "seed": "remove it: `xonet run --seed` says the seed of all random numbers",
        "mean": "remove it: the mean is 0",
    }

    stddev: float = field(
        Number(minimum=0),
        "The standard deviation of what is added.",
        example=0.1,
        also=("std", "sigma", "noise_stddev"),
    )
