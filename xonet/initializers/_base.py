"""What every initializer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.language.families import Family
from xonet.language.fields import Record

if TYPE_CHECKING:
    import numpy as np


class Initializer(Record):
    """Base of every initializer."""

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """Weights of `shape` in float64.

        `fan_in` counts the inputs that one output sees, `fan_out` the outputs that see one input.
        """
        raise NotImplementedError


INITIALIZERS: Family[Initializer] = Family("initializer", "xonet.initializers", Initializer)
"""Every initializer of the language."""
