"""The initializer `zeros`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer

if TYPE_CHECKING:
    import numpy as np


class Zeros(Initializer):
    """Zeros. Features that start equal stay equal: for weights, use it only if something else breaks the symmetry.

    Keras' Zeros.
    """

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        import numpy as np

        return np.zeros(shape)
