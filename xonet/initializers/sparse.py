"""The initializer `sparse`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.initializers import Initializer
from xonet.language.fields import field
from xonet.language.kinds import Integer, Number

if TYPE_CHECKING:
    import numpy as np


class Sparse(Initializer):
    """Normal numbers for few weights, and zeros for the others (Martens 2010, Hessian-free optimization, section 5).

    A weight is not zero with a probability of `connections` / features, drawn for each by itself: as Caffe's gaussian
    filler with `sparse`, each input reaches that many features on average.
    """

    connections: int = field(
        Integer(minimum=1), "How many features each input reaches, on average.", default=15, also=("sparse", "nonzero")
    )
    stddev: float = field(Number(minimum=0), "The standard deviation of weights that are not zero.", default=1.0)

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> np.ndarray:
        """See the base."""
        numbers = rng.normal(0.0, self.stddev, shape)
        return numbers * (rng.random(shape) < self.connections / shape[0])
