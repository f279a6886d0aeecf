"""The initializer `constant`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Number

if TYPE_CHECKING:
    import numpy as np


class Constant(Initializer):
    """The same number everywhere. Features that start equal stay equal, see `zeros`.

    Keras' Constant.
    """

    value: float = field(Number(), "The number.", example=0.1)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        import numpy as np

        return np.full(shape, self.value)
