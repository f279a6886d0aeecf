"""The augmentation `noise`: every value changes a little."""

from __future__ import annotations

from xonet.data.augment import Augmentation
from xonet.language.fields import field
from xonet.language.kinds import Number


class Noise(Augmentation):
    """Adds a random number to every value: y = x + stddev · n, with n from the standard normal distribution.

    Keras' GaussianNoise.
    """

    stddev: float = field(
        Number(above=0), "The standard deviation, in network values (after input.range).", example=0.1
    )
