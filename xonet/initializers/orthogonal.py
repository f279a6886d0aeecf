"""The initializer `orthogonal`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Number

if TYPE_CHECKING:
    import numpy as np


class Orthogonal(Initializer):
    """Features at right angles to each other, each of length `gain` (Saxe et al. 2013, arXiv 1312.6120, section 3).

    Each feature is one row of weights. If there are more features than weights in each, the columns are at right
    angles instead.
    """

    gain: float = field(Number(above=0), "The length of each feature.", default=1.0)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        import numpy as np

        rows, columns = shape[0], int(np.prod(shape[1:]))
        tall, triangle = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
        # QR fixes directions but not signs: only with the triangle's signs is every rotation equally likely.
        tall = tall * np.sign(np.diag(triangle))
        return self.gain * (tall if rows >= columns else tall.T).reshape(shape)
