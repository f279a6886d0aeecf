"""The initializer `uniform`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Number

if TYPE_CHECKING:
    import numpy as np


class Uniform(Initializer):
    """Numbers uniform between two bounds, regardless of the layer's size.

    Keras' RandomUniform.
    """

    also = ("random_uniform",)

    low: float = field(Number(), "The lower bound.", default=-0.05)
    high: float = field(Number(), "The upper bound.", default=0.05)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        return self.low + (self.high - self.low) * rng.random(shape)
