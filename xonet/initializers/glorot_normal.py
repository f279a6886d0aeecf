"""The initializer `glorot_normal`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xonet.initializers import Initializer

if TYPE_CHECKING:
    import numpy as np


class GlorotNormal(Initializer):
    """Normal numbers of variance 2 / (fan in + fan out) (Glorot and Bengio 2010, section 4.2.1)."""

    also = ("xavier_normal",)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        return rng.normal(0.0, math.sqrt(2 / (fan_in + fan_out)), shape)
