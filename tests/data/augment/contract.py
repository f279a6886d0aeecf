"""What the tests of augmentations share."""

from __future__ import annotations

import numpy as np


class Drawn:
    """Random numbers that the test knows: (pictures, count)."""

    def __init__(self, numbers):
        self.numbers = np.asarray(numbers, np.float32)

    def uniform(self, count):
        """As many of them."""
        return self.numbers[:, :count]

    normal = uniform
