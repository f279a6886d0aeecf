"""The initializer `normal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Number

if TYPE_CHECKING:
    import numpy as np


class Normal(Initializer):
    """Normal numbers, regardless of the layer's size.

    Keras' RandomNormal.
    """

    also = ("gaussian", "random_normal")

    mean: float = field(Number(), "Their mean.", default=0.0)
    stddev: float = field(Number(minimum=0), "Their standard deviation.", default=0.05)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        return rng.normal(self.mean, self.stddev, shape)
