"""The initializer `he_normal`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xonet.initializers import Initializer

if TYPE_CHECKING:
    import numpy as np


class HeNormal(Initializer):
    """Normal numbers of variance 2 / fan in: keeps a signal's size through relu (He et al. 2015, arXiv 1502.01852)."""

    also = ("kaiming_normal", "msra")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        return rng.normal(0.0, math.sqrt(2 / fan_in), shape)
