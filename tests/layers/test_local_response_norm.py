"""`local_response_norm`: naive loops, its cases, and rows of numbers."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import make, refusal
from xonet.language.shapes import Shape

CASES = [
    ({"size": 5}, (2, 3, 7)),
    ({"size": 2, "alpha": 1, "beta": 0.5, "k": 2}, (2, 2, 5)),
    ({"size": 3, "alpha": 0.5}, (9,)),
    ({"size": 1, "alpha": 0.1, "beta": 1}, (3, 3, 2)),
    ({"size": 3, "alpha": 0.5, "region": "within"}, (4, 5, 2)),
    ({"size": 4, "alpha": 2, "beta": 1.5, "k": 0.5, "region": "within"}, (3, 6, 3)),
    ({"size": 19, "alpha": 0.5, "region": "within"}, (5, 2, 1)),
    ({"size": 40, "alpha": 3}, (1, 2, 18)),
]


def naive(layer, parameters, x):
    """Every neighbour of every value."""
    y = np.zeros_like(x)
    before, behind = layer.size // 2, (layer.size - 1) // 2
    steps = range(-before, behind + 1)
    ways = [(0, 0, n) for n in steps] if layer.region == "across" else [(i, j, 0) for i in steps for j in steps]
    for n, *place in np.ndindex(x.shape):
        total = 0.0
        for way in ways:
            there = [here + step for here, step in zip(place, way[-len(place) :], strict=True)]
            if all(0 <= at < size for at, size in zip(there, x.shape[1:], strict=True)):
                total += x[(n, *there)] ** 2
        y[(n, *place)] = x[(n, *place)] / (layer.k + layer.alpha * total / len(ways)) ** layer.beta
    return y


def drawn(rng):
    """Knobs, also such as make much of the neighbours, and a shape."""
    within = rng.random() < 0.5
    knobs = {"size": int(rng.integers(1, 8)), "region": "within" if within else "across"}
    ranges = {"alpha": (0, 2), "beta": (0, 2), "k": (0.5, 3)}
    knobs |= {name: round(rng.uniform(*ends), 3) for name, ends in ranges.items() if rng.random() < 0.7}
    picture = (int(rng.integers(2, 8)), int(rng.integers(2, 9)), int(rng.choice([2, 3, 6, 16, 18, 40])))
    return knobs, picture if within or rng.random() < 0.8 else (int(rng.choice([4, 15, 16, 100])),)


def test_it_has_pytorchs_defaults():
    layer = make("local_response_norm", {"size": 5})
    assert (layer.alpha, layer.beta, layer.k, layer.region) == (1e-4, 0.75, 1.0, "across")
    assert layer.parameters(Shape((3, 4, 2))) == []


def test_a_row_of_numbers_has_no_pixels_around():
    assert refusal("local_response_norm", {"size": 3, "region": "within"}, (5,)).code == "needs-picture"
