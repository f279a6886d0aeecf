"""The initializer `he_uniform`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xonet.initializers import Initializer

if TYPE_CHECKING:
    import numpy as np


class HeUniform(Initializer):
    """Uniform numbers of variance 2 / fan in (He et al. 2015, arXiv 1502.01852)."""

    also = ("kaiming_uniform",)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        limit = math.sqrt(6 / fan_in)
        return rng.uniform(-limit, limit, shape)
