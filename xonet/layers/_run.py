"""What a layer's reference is told about the run it is part of, and the types it speaks in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Parameters = Mapping[str, np.ndarray]
"""A layer's arrays by their short names."""
Gradients = tuple[np.ndarray, dict[str, np.ndarray]]
"""The gradient of the input, and those of the trained parameters by their short names."""


@dataclass(frozen=True)
class Run:
    """One pass of a batch through one operation."""

    training: bool
    uniform: Callable[[int], np.ndarray]
    """`uniform(count)`: (pictures, count) float32 numbers in [0, 1), the same at every call: each is drawn for
    (seed, step, operation, picture's place in the batch, position)."""
