"""What the tests of layers that normalize share: naive loops, and knobs and shapes drawn at random."""

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


FLAGS = ("scale", "shift", "trainable")


def drawn(rng, groups=False, axes=False, rows=True):
    """Knobs and a shape, whose every set has at least four values: of two, all but rounding errors cancels out."""
    picture = not rows or rng.random() < 0.8
    channels = int(rng.choice([2, 3, 6, 16, 18, 32, 40] if picture else [4, 15, 16, 18, 40, 100]))
    shape = (int(rng.integers(2, 8)), int(rng.integers(2, 9)), channels) if picture else (channels,)
    knobs = {name: bool(rng.random() < 0.6) for name in FLAGS if rng.random() < 0.6}
    if rng.random() < 0.5:
        knobs["epsilon"] = round(float(10 ** rng.uniform(-6, 0)), 8)
    if axes and rng.random() < 0.5:
        knobs["axes"] = "channels" if channels > 3 else "picture"
    if groups:
        fits = [n for n in range(1, channels + 1) if channels % n == 0 and (picture or 4 * n <= channels)]
        knobs["groups"] = int(rng.choice(fits))
    return knobs, shape
