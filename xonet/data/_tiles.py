"""Decoding with Pillow, but with samples taken out of the decoded bytes as xonet says, not as Pillow would."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from PIL import Image


def raw(data: bytes, format: str, mode: str, rawmode: str | Callable[[str], str]) -> np.ndarray:
    """The picture in the file `data`, (height, width) or (height, width, channels), as Pillow unpacks `rawmode`.

    `mode` is Pillow's name of how pixels are kept, and `rawmode` of how they lie in what comes out of the decoder, or
    what makes it of Pillow's own choice. Both must take as many bits as that.
    """
    with Image.open(io.BytesIO(data), formats=[format]) as opened:
        tiles = []
        for codec, extents, offset, arguments in opened.tile:
            first = arguments if isinstance(arguments, str) else arguments[0]
            changed = rawmode if isinstance(rawmode, str) else rawmode(first)
            whole = changed if isinstance(arguments, str) else (changed, *arguments[1:])
            tiles.append((codec, extents, offset, whole))
        if tiles and hasattr(opened.tile[0], "_replace"):  # Pillow 11 gave tiles names
            named = type(opened.tile[0])
            tiles = [named(*tile) for tile in tiles]
        opened.tile = tiles
        opened._mode = mode
        opened.load()
        return np.asarray(opened)
