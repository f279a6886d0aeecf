"""Picture files made byte by byte: what is in them is what a test says, and nothing that a library adds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np

Tags = dict[int, int | tuple[int, ...]]


def packed(rows: Sequence[Sequence[int]], bits: int, order: str = ">") -> bytes:
    """Rows of samples, each row from a new byte on, the first sample in the highest bits."""
    if kind := {8: "B", 16: "H", 32: "I"}.get(bits):
        return b"".join(struct.pack(f"{order}{len(row)}{kind}", *row) for row in rows)
    made = b""
    for row in rows:
        text = "".join(f"{value:0{bits}b}" for value in row)
        text += "0" * (-len(text) % 8)
        made += int(text, 2).to_bytes(len(text) // 8, "big")
    return made


def png(bits: int, colour: int, rows: Sequence[Sequence[int]], width: int, chunks: Sequence[tuple[bytes, bytes]] = ()):
    """A PNG file; `colour` is 0 for grey, 2 RGB, 3 a palette, 4 grey and alpha, 6 RGBA."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, len(rows), bits, colour, 0, 0, 0)
    lines = b"".join(b"\0" + packed([row], bits) for row in rows)
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def tiff(pixels: bytes, size: tuple[int, int], tags: Tags, order: str = "<", pages: int = 1) -> bytes:
    """A TIFF file of (height, width) = `size`, one strip; `pages` of them, all alike."""
    pixels += b"\0" * (len(pixels) % 2)
    whole: Tags = {256: size[1], 257: size[0], 259: 1, 273: 8, 278: size[0], 279: len(pixels), **tags}
    made = bytearray((b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8 + len(pixels)) + pixels)
    for page in range(pages):
        entries, beside = b"", b""
        start = len(made) + 2 + 12 * len(whole) + 4
        for tag, value in sorted(whole.items()):
            values = value if isinstance(value, tuple) else (value,)
            content = struct.pack(f"{order}{len(values)}H", *values)
            if len(content) > 4:
                place = struct.pack(f"{order}I", start + len(beside))
                beside += content + b"\0" * (len(content) % 2)
            else:
                place = content.ljust(4, b"\0")
            entries += struct.pack(f"{order}HHI", tag, 3, len(values)) + place
        after = 0 if page == pages - 1 else start + len(beside)
        made += struct.pack(f"{order}H", len(whole)) + entries + struct.pack(f"{order}I", after) + beside
    return bytes(made)


def bmp(pixels: bytes, size: tuple[int, int], bits: int, palette: bytes = b"") -> bytes:
    """A BMP file; rows go from the bottom up, and are padded to four bytes already."""
    start = 14 + 40 + len(palette)
    info = struct.pack("<IiiHHIIiiII", 40, size[1], size[0], 1, bits, 0, len(pixels), 0, 0, len(palette) // 4, 0)
    return b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start) + info + palette + pixels


def tga(pixels: bytes, size: tuple[int, int], kind: int, bits: int, opacity: int = 0) -> bytes:
    """A TGA file from the top down; `kind` is 2 for colours, 3 for grey; so many bits of a pixel are its `opacity`."""
    return struct.pack("<BBBHHBHHHHBB", 0, 0, kind, 0, 0, 0, 0, 0, size[1], size[0], bits, 0x20 | opacity) + pixels


def gif(indices: Sequence[int], size: tuple[int, int], canvas: tuple[int, int], greys: Sequence[int]) -> bytes:
    """A GIF file of one frame at the top left of a larger canvas, with four greys."""
    bits = "".join(f"{code:03b}"[::-1] for index in indices for code in (4, index)) + "101"
    bits += "0" * (-len(bits) % 8)
    codes = int(bits[::-1], 2).to_bytes(len(bits) // 8, "little")
    screen = struct.pack("<HHBBB", canvas[1], canvas[0], 0x81, 0, 0) + bytes(v for grey in greys for v in (grey,) * 3)
    frame = b"," + struct.pack("<HHHHB", 0, 0, size[1], size[0], 0) + b"\2" + bytes([len(codes)]) + codes + b"\0"
    return b"GIF89a" + screen + frame + b";"


def predicted(values: np.ndarray) -> np.ndarray:
    """Differences from the sample to the left: what TIFF's predictor 2 stores."""
    made = values.copy()
    made[:, 1:] -= values[:, :-1]
    return made
