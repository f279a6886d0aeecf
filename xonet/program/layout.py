"""Where parameters live: the place of each in one flat vector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Place(NamedTuple):
    """A parameter's place in the flat vector, in values."""

    offset: int
    shape: tuple[int, ...]
    trained: bool
    rate_factor: float = 1.0
    """What the learning rate is multiplied by for it."""
    decay_factor: float = 1.0
    """What the weight decay is multiplied by for it."""
    l2: float = 0.0
    """How much of its squares' sum the loss has."""
    max_norm: float = 0.0
    """The largest length of its numbers for each unit, the first of its axes; 0 where there is no bound."""

    @property
    def end(self) -> int:
        """Behind its last value."""
        return self.offset + self.size

    @property
    def size(self) -> int:
        """How many values it has."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Layout:
    """Places of all parameters: the trained ones first, so that an optimizer walks one stretch; then the kept ones."""

    places: dict[str, Place]
    trained: int
    """Length of the trained stretch."""
    total: int

    def views(self, flat: np.ndarray) -> dict[str, np.ndarray]:
        """Each parameter as an array over `flat`; of a vector as long as the trained stretch, the trained ones."""
        return {
            name: flat[place.offset : place.end].reshape(place.shape)
            for name, place in self.places.items()
            if place.end <= len(flat)
        }
