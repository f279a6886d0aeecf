"""Naive loops of layers that normalize sets of one picture's values."""

from __future__ import annotations

import math

import numpy as np


def loops(layer, parameters, x, together, centered=True):
    """`together(place)`: what all places of a set, and no others, have in common; a place is without the picture."""
    y = np.zeros_like(x)
    places = [*np.ndindex(x.shape[1:])]
    for n, place in ((n, place) for n in range(len(x)) for place in places):
        values = [x[n][other] for other in places if together(other) == together(place)]
        mean = math.fsum(values) / len(values) if centered else 0.0
        deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / len(values) + layer.epsilon)
        y[n][place] = (x[n][place] - mean) / deviation
        if "scale" in parameters:
            y[n][place] *= parameters["scale"][place[-parameters["scale"].ndim :]]
        if "shift" in parameters:
            y[n][place] += parameters["shift"][place[-parameters["shift"].ndim :]]
    return y
