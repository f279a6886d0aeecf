"""What a layer's reference is told about the run it is part of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Run:
    """One pass of a batch through one operation."""

    training: bool
    uniform: Callable[[int], np.ndarray]
    """`uniform(count)`: (pictures, count) float32 numbers in [0, 1), the same at every call: each is drawn for
    (seed, step, operation, picture's place in the batch, position)."""
