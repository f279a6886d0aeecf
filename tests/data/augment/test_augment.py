"""Augmentations against naive loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from xonet.data.augment import AUGMENTATIONS
from xonet.data.augment.noise.reference import apply as noise
from xonet.data.augment.shift.reference import apply as shift


class Drawn:
    """Random numbers that the test knows."""

    def __init__(self, numbers):
        self.numbers = np.asarray(numbers, np.float32)

    def uniform(self, count):
        return self.numbers[:, :count]

    normal = uniform


@settings(max_examples=50, deadline=None)
@given(
    pixels=st.integers(1, 5),
    size=st.tuples(st.integers(1, 3), st.integers(1, 7), st.integers(1, 7), st.integers(1, 3)),
    seed=st.integers(0, 99),
)
def test_shift_moves_and_repeats_the_edge(pixels, size, seed):
    generator = np.random.default_rng(seed)
    x = generator.standard_normal(size).astype(np.float32)
    drawn = Drawn(generator.random((size[0], 2)))
    y = shift(AUGMENTATIONS.make({"shift": {"pixels": pixels}}), x, drawn)
    n, height, width, _ = size
    for p in range(n):
        dy, dx = (int(np.floor(u * np.float32(2 * pixels + 1))) - pixels for u in drawn.numbers[p])
        for i in range(height):
            for j in range(width):
                row, column = min(max(i - dy, 0), height - 1), min(max(j - dx, 0), width - 1)
                assert (y[p, i, j] == x[p, row, column]).all()
    assert y.dtype == np.float32


def test_shift_reaches_every_place_and_no_further():
    below_one = np.nextafter(np.float32(1), np.float32(0))
    x = np.zeros((3, 5, 5, 1), np.float32)
    x[:, 2, 2] = 1
    drawn = Drawn([[0, 0], [0.5, 0.5], [below_one, below_one]])
    y = shift(AUGMENTATIONS.make({"shift": {"pixels": 2}}), x, drawn)
    assert [tuple(np.argwhere(picture[..., 0])[0]) for picture in y] == [(0, 0), (2, 2), (4, 4)]


def test_noise_adds_its_numbers_in_memory_order():
    x = np.arange(24, dtype=np.float32).reshape(2, 2, 3, 2)
    numbers = np.random.default_rng(1).standard_normal((2, 12)).astype(np.float32)
    y = noise(AUGMENTATIONS.make({"noise": {"stddev": 0.25}}), x, Drawn(numbers))
    assert y.dtype == np.float32
    assert np.allclose(y.ravel(), x.ravel() + 0.25 * numbers.ravel())
