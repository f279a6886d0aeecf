"""Letters by another hand: drawn with Pillow, not with the source `xo`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

FINE = 8
"""Drawn so much larger, then shrunk: Pillow's own lines are not anti-aliased."""


def letter(kind: str, generator: np.random.Generator, size: int = 60) -> Image.Image:
    """An X of two lines that cross somewhere, or an O of any ellipse; thin to thick pens, turned a little."""
    large = Image.new("L", (size * FINE, size * FINE), 255)
    pen = ImageDraw.Draw(large)
    left, top, right, bottom = generator.uniform(3, 14, 4) * FINE
    right, bottom = size * FINE - right, size * FINE - bottom
    width = int(generator.uniform(2, 10) * FINE)
    if kind == "X":
        a, b, c, d, e, f, g, h = generator.uniform(-4, 4, 8) * FINE
        pen.line((left + a, top + b, right + c, bottom + d), fill=0, width=width)
        pen.line((right + e, top + f, left + g, bottom + h), fill=0, width=width)
    else:
        pen.ellipse((left, top, right, bottom), outline=0, width=width)
    turned = large.rotate(generator.uniform(-20, 20), fillcolor=255, resample=Image.Resampling.BICUBIC)
    return turned.resize((size, size), Image.Resampling.LANCZOS)


@pytest.fixture(scope="session")
def pillow_letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 100 PNGs of 60 × 60 pixels in X/ and 100 in O/."""
    folder = tmp_path_factory.mktemp("letters")
    generator = np.random.default_rng(7)
    for kind in ("X", "O"):
        (folder / kind).mkdir()
        for number in range(100):
            letter(kind, generator).save(folder / kind / f"{number:03}.png")
    return folder
