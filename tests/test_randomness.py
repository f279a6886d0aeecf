"""The counter-based generator: published vectors, where each number comes from, and what the numbers look like."""

from __future__ import annotations

import numpy as np
import pytest

from xonet import randomness
from xonet.randomness import normal, permutation, philox, uniform

# Random123's kat_vectors, philox4x32 with 10 rounds: counter and key, then the output.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000 00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text):
    return [int(word, 16) for word in text.split()]


@pytest.mark.parametrize(("given", "expected"), KNOWN_ANSWERS)
def test_published_answers(given, expected):
    assert [int(word) for word in philox(*words(given))] == words(expected)


def test_arrays_are_what_single_numbers_are():
    given = np.array([words(given) for given, _ in KNOWN_ANSWERS], np.uint32)
    together = np.stack(philox(*given.T), axis=-1)
    assert together.dtype == np.uint32
    assert together.tolist() == [words(expected) for _, expected in KNOWN_ANSWERS]


@pytest.mark.parametrize("seed", [3, 2**40 + 5])
def test_where_each_uniform_number_comes_from(seed):
    numbers = uniform(seed, stream=5, step=6, pictures=3, count=7)
    assert numbers.shape == (3, 7)
    assert numbers.dtype == np.float32
    for b in range(3):
        for p in range(7):
            word = philox(p // 4, b, 6, 5, seed % 2**32, seed // 2**32)[p % 4]
            assert numbers[b, p] == (int(word) >> 8) / 2**24


def test_one_number_more_changes_no_other():
    np.testing.assert_array_equal(uniform(1, 2, 3, 4, 9)[:3, :6], uniform(1, 2, 3, 3, 6))
    np.testing.assert_array_equal(normal(1, 2, 3, 4, 9)[:3, :6], normal(1, 2, 3, 3, 6))


def test_uniform_numbers_are_uniform():
    numbers = uniform(0, 0, 0, 100, 1000).astype(np.float64)
    assert 0 <= numbers.min() and numbers.max() < 1
    shares = np.histogram(numbers, bins=10, range=(0, 1))[0] / numbers.size
    np.testing.assert_allclose(shares, 0.1, atol=0.004)


def test_normal_numbers_are_normal():
    numbers = normal(0, 0, 0, 100, 1000).astype(np.float64)
    assert numbers.mean() == pytest.approx(0, abs=0.01)
    assert numbers.var() == pytest.approx(1, abs=0.02)
    assert (np.abs(numbers) < 1.959964).mean() == pytest.approx(0.95, abs=0.004)
    assert normal(0, 0, 0, 1, 1).dtype == np.float32


@pytest.mark.parametrize("change", ["seed", "stream", "step"])
def test_other_places_have_other_numbers(change):
    where = {"seed": 1, "stream": 2, "step": 3}
    other = {**where, change: where[change] + 1}
    assert (uniform(**where, pictures=2, count=8) != uniform(**other, pictures=2, count=8)).all()


def test_permutation():
    order = permutation(1, 2, 1000)
    assert sorted(order) == list(range(1000))
    assert (order != permutation(1, 3, 1000)).mean() > 0.9
    assert (order != permutation(2, 2, 1000)).mean() > 0.9
    np.testing.assert_array_equal(order, permutation(1, 2, 1000))
    assert permutation(0, 0, 0).tolist() == []
    assert permutation(0, 0, 1).tolist() == [0]


def test_a_permutation_of_equal_keys(monkeypatch):
    high = np.arange(1000, dtype=np.uint32) % 10
    monkeypatch.setattr(randomness, "philox", lambda *_: (high, high * 0, None, None))
    assert permutation(0, 0, 1000).tolist() == sorted(range(1000), key=lambda number: number % 10)
