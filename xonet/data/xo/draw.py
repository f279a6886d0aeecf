"""How `xo` draws: every pixel's distance from the letter's line says how much ink it gets.

All lengths are in pixels, and the centre of the pixel in row i and column j is the point (i, j).
"""

from __future__ import annotations

import numpy as np

from xonet.data import Dataset, Wanted
from xonet.data.xo import BESIDE, Xo
from xonet.machine import must_fit

FILL = 2 / 3
"""How much of the picture a letter takes from end to end of its line: 6 of 9 pixels, from (1, 1) to (7, 7)."""
BLOCK = 1024
"""How many pictures are drawn at once, so that large pictures do not fill the memory."""


def draw(source: Xo, wanted: Wanted) -> Dataset:
    """The pictures a source declares, (count, height, width, channels) bytes with black ink on white paper.

    X and O come in an even mixture; what a picture looks like depends on the seed, the stream (0 for train; another one
    for a set of the same seed) and its number only.
    """
    height, width, channels = wanted.shape
    must_fit(source.count * (wanted.shape.size + BESIDE), f"{source.count:,} pictures")
    # Picture i is an X where the running total of X, i · balance, passes a whole number.
    totals = np.floor(np.arange(source.count + 1) * source.balance + 1e-9)
    is_x = np.diff(totals) > 0
    letters = np.random.Generator(np.random.Philox(key=[source.seed, 2 * wanted.stream]))
    grain = np.random.Generator(np.random.Philox(key=[source.seed, 2 * wanted.stream + 1]))
    pictures = np.empty((source.count, height, width, channels), np.uint8)
    for start in range(0, source.count, BLOCK):
        block = is_x[start : start + BLOCK]
        ink = coverage(source, block, letters.random((len(block), 6)), height, width)
        if source.noise:
            ink = ink + source.noise * grain.standard_normal(ink.shape)
        grey = np.rint(255 * (1 - np.clip(ink, 0, 1))).astype(np.uint8)
        pictures[start : start + BLOCK] = grey[..., None]
    if wanted.is_own_target:
        return Dataset(pictures, None)
    return Dataset(pictures, np.where(is_x, wanted.classes.index("X"), wanted.classes.index("O")))


def coverage(source: Xo, is_x: np.ndarray, chance: np.ndarray, height: int, width: int) -> np.ndarray:
    """How much of each pixel is ink, (n, height, width) in 0..1, from six numbers in [0, 1) a picture."""
    down, right, turn, tall, wide, pen = chance.T[:, :, None, None]
    half_height = FILL * height / 2 * between(source.scale, tall)
    half_width = FILL * width / 2 * between(source.scale, wide)
    stroke = between(source.stroke, pen)

    # Instead of moving and turning the letter, every pixel is moved and turned the other way.
    y = np.arange(height)[:, None] - (height - 1) / 2 - source.shift * (2 * down - 1)
    x = np.arange(width) - (width - 1) / 2 - source.shift * (2 * right - 1)
    angle = np.radians(source.rotate) * (2 * turn - 1)
    y, x = np.cos(angle) * y - np.sin(angle) * x, np.sin(angle) * y + np.cos(angle) * x

    distance = np.empty((len(is_x), height, width))
    for drawn, away in ((is_x, from_x), (~is_x, from_o)):
        distance[drawn] = away(y[drawn], x[drawn], half_height[drawn], half_width[drawn])
    # Across the line, the pixel reaches from -0.5 to 0.5, and the pen covers `stroke` around the distance: how much of
    # the pixel is under the pen.
    shared = np.minimum(0.5, distance + stroke / 2) - np.maximum(-0.5, distance - stroke / 2)
    return np.asarray(np.maximum(shared, 0))


def between(interval: tuple[float, float], chance: np.ndarray) -> np.ndarray:
    """The numbers that lie at `chance` (0..1) of the way through an interval."""
    low, high = interval
    return low + (high - low) * chance


def from_x(y: np.ndarray, x: np.ndarray, half_height: np.ndarray, half_width: np.ndarray) -> np.ndarray:
    """How far the points (y, x) are from the nearer diagonal of the box around (0, 0)."""
    lengths = []
    for side in (1, -1):
        end_y, end_x = half_height, side * half_width
        # The foot of the perpendicular, as a part of the way from the centre to the end, held within the line.
        part = np.clip((y * end_y + x * end_x) / (end_y**2 + end_x**2), -1, 1)
        lengths.append(np.hypot(y - part * end_y, x - part * end_x))
    return np.asarray(np.minimum(*lengths))


def from_o(y: np.ndarray, x: np.ndarray, half_height: np.ndarray, half_width: np.ndarray) -> np.ndarray:
    """How far the points (y, x) are from the ellipse in the box around (0, 0), to first order.

    With r the length of (y / half_height, x / half_width) the ellipse is r = 1, so its distance is |r - 1| over the
    length of r's gradient: exact on the ellipse and for circles, and close where ink may be.
    """
    r = np.hypot(y / half_height, x / half_width)
    slope = np.hypot(y / half_height**2, x / half_width**2)
    # r / slope at the centre, where both are 0, is between the half axes; no pen reaches there.
    reach = np.where(slope > 0, r / np.maximum(slope, 1e-12), np.minimum(half_height, half_width))
    return np.asarray(np.abs(r - 1) * reach)
