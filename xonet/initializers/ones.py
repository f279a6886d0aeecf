"""The initializer `ones`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer

if TYPE_CHECKING:
    import numpy as np


class Ones(Initializer):
    """Ones. Features that start equal stay equal: for weights, use it only if something else breaks the symmetry.

    Keras' Ones.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        import numpy as np

        return np.ones(shape)
