"""`xo` against the deck's X, and against letters drawn by brute force: a fine grid of points for every pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xonet.data import DataError, Wanted
from xonet.data.xo import Xo
from xonet.data.xo.draw import coverage
from xonet.language.shapes import Shape

DECK_X = [
    ".........",
    ".#.....#.",
    "..#...#..",
    "...#.#...",
    "....#....",
    "...#.#...",
    "..#...#..",
    ".#.....#.",
    ".........",
]
TRICKY = dict(shift=1, rotate=25, scale=[0.6, 1.15], stroke=[0.4, 2.4], noise=0.03)


def brute_force(letter, height, width, half_height, half_width, stroke, dy, dx, angle, fine=9):
    """The part of each pixel within stroke / 2 of the letter's line, counted on fine × fine points a pixel."""
    steps = (np.arange(fine) + 0.5) / fine - 0.5
    y = (np.arange(height)[:, None] + steps).ravel()[:, None] - (height - 1) / 2
    x = (np.arange(width)[:, None] + steps).ravel()[None, :] - (width - 1) / 2
    along = np.linspace(-1, 1, 801) if letter == "X" else np.linspace(0, 2 * np.pi, 801)
    if letter == "X":
        line = np.concatenate([np.stack([along * half_height, side * along * half_width]) for side in (1, -1)], axis=1)
    else:
        line = np.stack([half_height * np.sin(along), half_width * np.cos(along)])
    turned_y = np.cos(angle) * line[0] + np.sin(angle) * line[1] + dy
    turned_x = -np.sin(angle) * line[0] + np.cos(angle) * line[1] + dx
    nearest = np.full((y.size, x.size), np.inf)
    for a, b in zip(turned_y, turned_x, strict=True):
        nearest = np.minimum(nearest, np.hypot(y - a, x - b))
    return (nearest <= stroke / 2).reshape(height, fine, width, fine).mean(axis=(1, 3))


def test_plain_x_is_the_decks(wanted):
    data = Xo(count=2).load(wanted())
    picture = data.pictures[list(data.targets).index(0), ..., 0]
    for row, line in zip(picture, DECK_X, strict=True):
        assert ["#" if value < 128 else "." for value in row] == list(line)
    ink = np.array([[pixel == "#" for pixel in line] for line in DECK_X])
    assert (picture[ink] == 0).all() and (picture[~ink] > 128).all()


def test_plain_o_is_a_ring_in_the_same_box(wanted):
    data = Xo(count=2).load(wanted())
    ring = data.pictures[list(data.targets).index(1), ..., 0] < 128
    assert ring[1, 4] and ring[7, 4] and ring[4, 1] and ring[4, 7]
    assert not ring[3:6, 3:6].any() and not ring[0].any() and not ring[:, 8].any()
    assert (ring == ring[::-1]).all() and (ring == ring.T).all()


@pytest.mark.parametrize("letter", ["X", "O"])
@pytest.mark.parametrize(("height", "width"), [(9, 9), (16, 12)])
@pytest.mark.parametrize("chance", [[0.5] * 6, [0.1, 0.9, 0.8, 0.3, 0.9, 0.7], [0.9, 0.4, 0.1, 1.0, 0.2, 0.1]])
def test_coverage_is_close_to_brute_force(letter, height, width, chance):
    source = Xo(count=1, shift=1.5, rotate=30, scale=[0.7, 1.1], stroke=[0.6, 2.5])
    down, right, turn, tall, wide, pen = chance
    ink = coverage(source, np.array([letter == "X"]), np.array([chance]), height, width)[0]
    truth = brute_force(
        letter,
        height,
        width,
        half_height=height / 3 * (0.7 + 0.4 * tall),
        half_width=width / 3 * (0.7 + 0.4 * wide),
        stroke=0.6 + 1.9 * pen,
        dy=1.5 * (2 * down - 1),
        dx=1.5 * (2 * right - 1),
        angle=np.radians(30) * (2 * turn - 1),
    )
    # The distance at a pixel's middle stands for the pixel: slanted edges, crossings and ends are a little off.
    assert np.abs(ink - truth).max() < 0.35
    assert np.abs(ink - truth).mean() < 0.03


def test_same_seed_same_pictures_and_more_pictures_begin_alike(wanted):
    few, same, many, other = (
        Xo(count=count, seed=seed, **TRICKY).load(wanted()) for count, seed in ((30, 3), (30, 3), (1100, 3), (30, 4))
    )
    assert (few.pictures == same.pictures).all() and (few.targets == same.targets).all()
    assert (few.pictures == many.pictures[:30]).all() and (few.targets == many.targets[:30]).all()
    assert (few.pictures != other.pictures).any()


@settings(max_examples=30, deadline=None)
@given(
    count=st.integers(1, 40),
    size=st.tuples(st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 3])),
    balance=st.floats(0, 1),
    rotate=st.floats(0, 180),
    noise=st.floats(0, 1),
)
def test_any_knobs_give_bytes_and_the_balance(tmp_path_factory, count, size, balance, rotate, noise):
    source = Xo(count=count, balance=balance, rotate=rotate, noise=noise, shift=2, scale=[0.5, 1.5], stroke=[0.1, 4])
    data = source.load(Wanted(Shape(size), ("O", "X"), tmp_path_factory.getbasetemp()))
    assert data.pictures.shape == (count, *size) and data.pictures.dtype == np.uint8
    assert abs((data.targets == 1).sum() - count * balance) < 1 + 1e-6
    assert (data.pictures == data.pictures[..., :1]).all()


def test_classes_are_found_by_name(wanted):
    forward, backward = (Xo(count=20).load(wanted(classes=names)) for names in (("X", "O"), ("O", "X")))
    assert (forward.targets == 1 - backward.targets).all()
    assert (forward.pictures == backward.pictures).all()


def test_noise_has_its_deviation(wanted):
    data = Xo(count=400, stroke=[0.0001, 0.0001], noise=0.1).load(wanted())
    # On white paper the half above white is cut off; the half below keeps its mean square.
    below = 255 - data.pictures.astype(float)
    assert np.sqrt(2 * (below**2).mean()) / 255 == pytest.approx(0.1, rel=0.03)


@pytest.mark.parametrize("classes", [(), ("X",), ("X", "Y"), ("X", "O", "?")])
def test_other_classes_are_refused(wanted, classes):
    with pytest.raises(DataError, match="xo draws X and O"):
        Xo(count=1).load(wanted(classes=classes))


def test_a_reversed_interval_is_refused(wanted):
    with pytest.raises(DataError, match=r"stroke goes from 2 to 1"):
        Xo(count=1, stroke=[2, 1]).load(wanted())


def test_rows_of_numbers_are_refused(tmp_path):
    with pytest.raises(DataError, match="the input is a row of 4 numbers"):
        Xo(count=1).load(Wanted(Shape((4,)), ("X", "O"), tmp_path))
