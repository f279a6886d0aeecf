"""The initializer `truncated_normal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Number

if TYPE_CHECKING:
    import numpy as np

LIMIT = 2.0
"""Standard deviations from the mean beyond which numbers are drawn again."""


class TruncatedNormal(Initializer):
    """Normal numbers, those further than two standard deviations from the mean drawn again, as Keras' TruncatedNormal.

    What is left has 0.88 times the standard deviation.
    """

    also = ("trunc_normal",)

    mean: float = field(Number(), "Their mean.", default=0.0)
    stddev: float = field(Number(minimum=0), "Their standard deviation before those are drawn again.", default=0.05)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        numbers = rng.normal(size=shape)
        while (beyond := abs(numbers) > LIMIT).any():
            numbers[beyond] = rng.normal(size=int(beyond.sum()))
        return self.mean + self.stddev * numbers
