"""The initializer `lecun_normal`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xonet.initializers import Initializer

if TYPE_CHECKING:
    import numpy as np


class LecunNormal(Initializer):
    """Normal numbers of variance 1 / fan in (LeCun et al. 1998, Efficient BackProp, section 4.6)."""

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        return rng.normal(0.0, math.sqrt(1 / fan_in), shape)
