"""Samples as a file holds them, with all that says what they mean; and the bytes that they are on white paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

ROWS = 64
"""How many rows are worked on at a time, so that a large picture takes little more memory than its samples."""


@dataclass
class Samples:
    """Whole numbers from 0 (black) to `white`, (height, width, 1) for grey or (height, width, 3) for red, green, blue.

    `alpha` is (height, width), from 0 (see-through) to `opaque`; with `premultiplied` the samples are multiplied by it
    already.
    """

    values: np.ndarray
    white: int = 255
    alpha: np.ndarray | None = None
    opaque: int = 255
    premultiplied: bool = False

    def on_paper(self) -> Image.Image:
        """The picture in mode L or RGB, on white paper where it is see-through.

        Exactly: a sample is 255 · (value · alpha + white · (opaque - alpha)) / (white · opaque), rounded to the nearest
        whole number, the even one of two.
        """
        height, width, channels = self.values.shape
        mode = "L" if channels == 1 else "RGB"
        alpha = None if self.alpha is None or bool((self.alpha == self.opaque).all()) else self.alpha
        made = self.values
        if alpha is not None or self.white != 255 or made.dtype != np.uint8:
            made = np.empty((height, width, channels), np.uint8)
            for rows in stripes(height):
                level, scale = self.values[rows].astype(np.float64), self.white
                if alpha is not None:
                    seen = alpha[rows, :, None].astype(np.float64)
                    level = level * (self.opaque if self.premultiplied else seen) + (self.opaque - seen) * self.white
                    scale *= self.opaque
                made[rows] = np.minimum(np.rint(level * 255 / scale), 255)
        return Image.frombuffer(mode, (width, height), np.ascontiguousarray(made), "raw", mode, 0, 1)


def stripes(height: int) -> Iterator[slice]:
    """All rows, some at a time."""
    return (slice(top, top + ROWS) for top in range(0, height, ROWS))
