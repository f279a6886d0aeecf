"""The initializer `he_uniform`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Choice

if TYPE_CHECKING:
    import numpy as np


class HeUniform(Initializer):
    """Uniform numbers of variance 2 / fan (He et al. 2015, arXiv 1502.01852)."""

    also = ("kaiming_uniform",)

    mode: str = field(
        Choice("fan_in", "fan_out"),
        "Which fan: `fan_in`, the inputs that one output sees, keeps the size of signals going forward; `fan_out`, "
        "the outputs that see one input, that of gradients going back.",
        default="fan_in",
    )

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        limit = math.sqrt(6 / (fan_in if self.mode == "fan_in" else fan_out))
        return rng.uniform(-limit, limit, shape)
