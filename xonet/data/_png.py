"""PNG: 16-bit samples whole, where Pillow keeps their upper half, and the transparent value on the file's own scale.

PNG (Third Edition), W3C 2025, sections 11.2.1 (IHDR) and 11.3.1 (tRNS).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from xonet.data import DataError
from xonet.data._paths import INFLATES
from xonet.data._samples import Samples
from xonet.data._tiles import raw

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type: grey, RGB, palette, grey with alpha, RGB with alpha."""


def samples(opened: Image.Image, data: bytes) -> Samples | None:
    """What a PNG file holds; None for a palette, which Pillow reads as it should.

    Raises:
        DataError: where the file is too short for the picture that its header says.
    """
    if data[12:16] != b"IHDR":
        raise DataError("its first chunk is not a header")
    bits, colours = data[24], data[25]
    channels = CHANNELS[colours]
    if opened.width * opened.height * bits * channels > 8 * INFLATES * len(data):
        raise DataError(f"its header says {opened.height} × {opened.width} pixels, but the file is too short for that")
    if colours == 3:
        return None
    if bits == 16:
        found = _deep(opened, data, channels)
    else:
        opened.load()
        found = np.asarray(opened, np.uint8).reshape(opened.height, opened.width, channels)
        if opened.mode == "1":
            found = found * np.uint8(255)
    white = 65535 if bits == 16 else 255
    if channels in (2, 4):
        return Samples(found[..., :-1], white, found[..., -1], white)
    alpha = None
    for kind, content in chunks(data):
        if kind == b"tRNS" and len(content) >= 2 * channels:
            # of a value only as many bits count as a sample has
            value = np.array(struct.unpack(f">{channels}H", content[: 2 * channels])) & ((1 << bits) - 1)
            value *= white // ((1 << bits) - 1)
            alpha = np.where((found == value).all(axis=-1), 0, white).astype(found.dtype)
    return Samples(found, white, alpha, white)


def _deep(opened: Image.Image, data: bytes, channels: int) -> np.ndarray:
    """16-bit samples, (height, width, channels)."""
    if channels == 1:
        opened.load()
        return np.asarray(opened).astype(np.uint16)[..., None]
    if channels == 2:  # four bytes a pixel, as they are
        four = raw(data, "PNG", "RGBA", "RGBA")
        return np.ascontiguousarray(four).view(">u2").astype(np.uint16)
    mode = "RGB" if channels == 3 else "RGBA"
    high, low = raw(data, "PNG", mode, f"{mode};16B"), raw(data, "PNG", mode, f"{mode};16L")
    return (high.astype(np.uint16) << 8) | low


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The kind and content of each chunk before the pixels."""
    at = 8
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"IDAT":
            return
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length
