"""What the tests of initializers share."""

from __future__ import annotations

import numpy as np

from xonet.initializers import INITIALIZERS

SHAPE, FAN_IN, FAN_OUT = (40, 5, 5, 30), 750, 1000


def draw(word, knobs, shape=SHAPE, seed=0):
    """Weights."""
    return INITIALIZERS.make({word: knobs}).draw(np.random.default_rng(seed), shape, FAN_IN, FAN_OUT)
