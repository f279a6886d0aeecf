"""What the tests of optimizers share."""

from __future__ import annotations

import numpy as np

from xonet.optimizers import OPTIMIZERS


def trajectory(word, knobs, start, steps):
    """Where steps of rate 0.1, 0.1 / 2, ... lead from `start` down the slope of the sum of (x - 1)⁴, and the state."""
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 0.1, **knobs}})
    parameters = start.copy()
    state = {name: np.zeros_like(parameters) for name in optimizer.state}
    for number in range(1, steps + 1):
        gradient = 4 * (parameters - 1) ** 3
        kept = gradient.copy()
        OPTIMIZERS.part(optimizer, "reference").step(optimizer, parameters, gradient, state, 0.1 / number, number)
        np.testing.assert_array_equal(gradient, kept)
    return parameters, state


def naive_trajectory(naive, word, knobs, start, steps):
    """The same by `naive(optimizer, parameters, gradient, kept, rate, number)`, which keeps what it likes in a dict."""
    optimizer = OPTIMIZERS.make({word: {"learning_rate": 0.1, **knobs}})
    parameters, kept = start.copy(), {}
    for number in range(1, steps + 1):
        naive(optimizer, parameters, 4 * (parameters - 1) ** 3, kept, 0.1 / number, number)
    return parameters
