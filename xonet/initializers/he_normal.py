"""The initializer `he_normal`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Choice

if TYPE_CHECKING:
    import numpy as np


class HeNormal(Initializer):
    """Normal numbers of variance 2 / fan: keeps a signal's size through relu (He et al. 2015, arXiv 1502.01852)."""

    also = ("kaiming_normal", "msra")

    mode: str = field(
        Choice("fan_in", "fan_out"),
        "Which fan: `fan_in`, the inputs that one output sees, keeps the size of signals going forward; `fan_out`, "
        "the outputs that see one input, that of gradients going back.",
        default="fan_in",
    )

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        return rng.normal(0.0, math.sqrt(2 / (fan_in if self.mode == "fan_in" else fan_out)), shape)
