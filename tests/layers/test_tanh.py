"""`tanh`: naive loops and its cases."""

from __future__ import annotations

import math

import numpy as np

CASES = [({}, (2, 3, 2)), ({}, (5,))]


def naive(layer, parameters, x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    powers = [(math.exp(value), math.exp(-value)) for value in x.ravel()]
    return np.array([(up - down) / (up + down) for up, down in powers]).reshape(x.shape)
