"""TIFF: what its tags say that samples mean.

Tags are read here, and Pillow unpacks bytes: of the combinations of tags that mean something, it knows some, and of
those it reads some otherwise than they say.

TIFF, Revision 6.0, Adobe 1992.
"""

from __future__ import annotations

import io
import struct
from dataclasses import replace

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from xonet.data import DataError
from xonet.data._samples import Samples, stripes
from xonet.data._tiff_pages import WHOLE, Page
from xonet.language.words import counted
from xonet.machine import must_fit

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, SAMPLES, PLANAR, PREDICTOR = 256, 257, 258, 259, 262, 277, 284, 317
STRIPS, ROWS, COUNTS, TILES, TILE_COUNTS = 273, 278, 279, 324, 325
COLOUR_MAP, INKS, EXTRA, FORMAT, SUBSAMPLING, REFERENCE, ORIENTATION = 320, 332, 338, 339, 530, 532, 274
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, CMYK: 4, YCBCR: 3, LAB: 3}
"""Samples of a pixel without the extra ones."""
FILL_ORDER, TILE_WIDTH, COEFFICIENTS = 266, 322, 529
KEPT = (WIDTH, HEIGHT, COMPRESSION, STRIPS, ROWS, COUNTS, 292, 293, TILE_WIDTH, 323, TILES, TILE_COUNTS, 347)
"""What says where pixels lie and how they are packed: it is handed to Pillow as it is."""
OLD_JPEG, JPEG = 6, 7
FAX = (2, 3, 4, 32771)
"""Compressions that pack pixels of one bit."""
OF_BYTES = (1, 5, 8, 32773, 32946, 34925, 50000)
"""Compressions that pack bytes, whatever they mean: none, LZW, Deflate, PackBits, Deflate again, LZMA, Zstandard."""
OF_DIFFERENCES = (5, 8, 32946, 34925, 50000)
"""Those of them before which a predictor may have taken differences."""
REVERSED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
"""Every byte with its bits the other way round."""
OF_JPEG = (*range(512, 522), SUBSAMPLING, REFERENCE)
UNPACKS = {1: 1, 5: 1400, 8: 1032, 32773: 64, 32946: 1032}
"""How many times as long as its packed pixels a picture may be at most, by compression, where there is a limit."""


def samples(data: bytes, page: Page) -> Samples:
    """What a page holds.

    Raises:
        DataError: where its tags do not say what its samples mean, or say something that Pillow cannot read.
    """
    photometric, count = page.one(PHOTOMETRIC), page.one(SAMPLES, 1)
    if photometric not in COLOURS:
        raise DataError(f"its pixels have the photometric interpretation {photometric}, which xonet does not support")
    colours, compression = COLOURS[photometric], page.one(COMPRESSION, 1)
    bits = _bits(page, count)
    extra = page.tags.get(EXTRA, ())[: max(0, count - colours)]
    if count < colours or count > 6:
        raise DataError(f"its pixels have {counted(count, 'sample')} where {colours} are expected")
    _check_length(data, page, bits * count, compression)
    if compression in (OLD_JPEG, JPEG):
        return _jpeg(data, page, photometric, count)
    white = (1 << bits) - 1
    found = _planes(data, page, bits, count) if page.one(PLANAR, 1) == 2 else _pixels(data, page, bits, count)
    made = Samples(_colours(found[..., :colours], page, photometric, white), white)
    if photometric == CMYK:
        made.white = white * white
    elif photometric in (YCBCR, LAB):
        made.white = 255
    elif photometric == PALETTE:
        made.values, made.white = _palette(page, found[..., 0], white)
    if count > colours:
        kind = extra[0] if extra else 0
        if kind in (1, 2):  # all else is no opacity
            made.alpha, made.opaque, made.premultiplied = found[..., colours], white, kind == 1
            if made.premultiplied and photometric not in (BLACK_IS_ZERO, RGB):
                raise DataError("its alpha is premultiplied, which is not defined for such pixels")
    return made


def _bits(page: Page, count: int) -> int:
    """How many bits each sample has.

    Raises:
        DataError: where they say nothing about black and white, or differ.
    """
    bits, kinds = page.tags.get(BITS, (1,)), page.tags.get(FORMAT, (1,))
    if len(set(bits)) > 1:
        raise DataError(f"its samples have {', '.join(map(str, bits))} bits, which xonet does not support")
    kind = {2: "signed", 3: "floating-point", 5: "complex", 6: "complex"}
    if strange := [value for value in kinds if value != 1]:
        what = kind.get(strange[0], "undefined")
        raise DataError(f"expected unsigned integer grey values, found {what} ones, whose black and white are unknown")
    if bits[0] > 16:
        raise DataError(f"expected grey values of at most 16 bits, found {bits[0]} bits, whose white is unknown")
    if bits[0] < 1:
        raise DataError("its samples have no bits")
    return bits[0]


def _check_length(data: bytes, page: Page, bits: int, compression: int) -> None:
    """Refuse more pixels than the file can hold, before there is memory for them."""
    height, width = page.one(HEIGHT), page.one(WIDTH)
    limit = UNPACKS.get(compression)
    if limit and height * width * bits > 8 * limit * len(data):
        raise DataError(f"its header says {height} × {width} pixels, but the file is too short for that")
    most = Image.MAX_IMAGE_PIXELS
    if most and height * width > 2 * most:  # as Pillow says it of other files
        raise DataError(f"its header says {height} × {width} pixels, and {2 * most:,} is the limit")
    must_fit(height * width * max(bits, 8) // 8, f"{height} × {width} pixels")


def _colours(found: np.ndarray, page: Page, photometric: int, white: int) -> np.ndarray:
    """Samples as grey values, or red, green and blue."""
    if photometric == WHITE_IS_ZERO:
        return np.asarray(white - found, found.dtype)
    if photometric == CMYK:
        if page.one(INKS, 1) != 1:
            raise DataError("its inks are not cyan, magenta, yellow and black")
        ink = found.astype(np.int64)
        return (white - ink[..., :3]) * (white - ink[..., 3:])
    if photometric in (YCBCR, LAB):
        if white != 255:
            raise DataError("such colours are supported only for 8-bit samples")
        if photometric == YCBCR and (page.tags.get(SUBSAMPLING) != (1, 1) or not _is_full_range(page)):
            raise DataError("its YCbCr pixels are subsampled or have an unusual range, which xonet does not support")
        if photometric == YCBCR and not _is_of_601(page):
            raise DataError("its YCbCr pixels use a conversion formula that xonet does not support")
        if photometric == LAB:  # a and b have a sign in the file, and Pillow keeps them 128 higher
            found = found ^ np.array([0, 128, 128], np.uint8)
        mode = "YCbCr" if photometric == YCBCR else "LAB"
        bands = [Image.fromarray(np.ascontiguousarray(found[..., band])) for band in range(3)]
        return np.asarray(Image.merge(mode, bands).convert("RGB"))
    return found


def _is_full_range(page: Page) -> bool:
    """Whether YCbCr values are from 0 to 255, with colours around 128, as in JPEG and where no tag says otherwise."""
    said = page.bytes.get(REFERENCE)
    if said is None:
        return True
    parts = struct.unpack(f"{page.order}{len(said) // 4}I", said[: len(said) // 4 * 4])
    return parts == (0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1)


def _is_of_601(page: Page) -> bool:
    """Whether YCbCr values are made with the weights of ITU-R 601, as in JPEG and where no tag says otherwise."""
    said = page.bytes.get(COEFFICIENTS)
    if said is None:
        return True
    parts = struct.unpack(f"{page.order}{len(said) // 4}I", said[: len(said) // 4 * 4])
    return len(parts) == 6 and all(
        abs(top - weight * below) <= 0.001 * below
        for top, below, weight in zip(parts[::2], parts[1::2], (0.299, 0.587, 0.114), strict=True)
    )


def _palette(page: Page, index: np.ndarray, white: int) -> tuple[np.ndarray, int]:
    """The colours of a palette's numbers, and their white.

    Colours have 16 bits; many writers put 8-bit ones into the upper half, and zeros below.
    """
    colours = np.array(page.tags.get(COLOUR_MAP, ()), np.uint16)
    if len(colours) != 3 * (white + 1):
        raise DataError(f"its palette has {len(colours) // 3} colours where {white + 1} are expected")
    if 0 < colours.max() < 256:
        raise DataError(
            "its palette's colours are all below 256 of 65535: either 8-bit values by mistake, or all black"
        )
    table = colours.reshape(3, -1).T
    return (table[index] >> 8, 255) if not (colours & 255).any() else (table[index], 65535)


def _pixels(data: bytes, page: Page, bits: int, count: int) -> np.ndarray:
    """The samples of a page whose pixels lie one beside the other, (height, width, count).

    Pillow is asked for the unpacked bytes only, as if they were a grey picture: what they mean is decided here.
    """
    height, width, compression = page.one(HEIGHT), page.one(WIDTH), page.one(COMPRESSION, 1)
    if compression in FAX:
        if bits * count != 1:
            raise DataError("it uses fax compression, but has more than one bit per pixel")
        return _opened(_plain(data, page, BLACK_IS_ZERO, (1,)))[..., None].astype(np.uint8)
    if compression not in OF_BYTES:
        raise DataError(f"it uses a compression ({compression}) that xonet does not support")
    wide = dict(page.tags)
    for tag in (WIDTH, TILE_WIDTH):
        if tag in wide:
            wide[tag] = (-(-page.one(tag) * bits * count // 8),)
    if TILE_WIDTH in wide and page.one(TILE_WIDTH) * bits * count % 8:
        raise DataError("its tiles are not a whole number of bytes wide")
    rows = _opened(_plain(data, replace(page, tags=wide), BLACK_IS_ZERO, (8,)))
    values = width * count
    if bits == 8:
        found = rows.copy()
    elif bits == 16:
        found = np.ascontiguousarray(rows).view(f"{page.order}u2").astype(np.uint16)
    else:
        found = np.empty((height, values), np.uint8 if bits < 8 else np.uint16)
        powers = (1 << np.arange(bits)[::-1]).astype(found.dtype)
        for some in stripes(height):
            each = np.unpackbits(rows[some], axis=1, count=values * bits)
            found[some] = each.reshape(-1, values, bits) @ powers
    found = found.reshape(height, width, count)
    if page.one(PREDICTOR, 1) != 1 and compression in OF_DIFFERENCES:
        if page.one(PREDICTOR) != 2 or bits not in (8, 16):
            raise DataError("its samples are stored as differences of a kind that xonet does not support")
        step = page.one(TILE_WIDTH, 0) or width
        for left in range(0, width, step):
            tile = found[:, left : left + step]
            np.cumsum(tile, axis=1, dtype=found.dtype, out=tile)
    return found


def _planes(data: bytes, page: Page, bits: int, count: int) -> np.ndarray:
    """The samples of a page with a plane for each, (height, width, count): as many grey pictures."""
    found = []
    for plane in range(count):
        own = replace(page, tags=dict(page.tags))
        for tag in (STRIPS, COUNTS, TILES, TILE_COUNTS):
            if places := page.tags.get(tag):
                each = len(places) // count
                own.tags[tag] = places[plane * each : (plane + 1) * each]
        found.append(_pixels(data, own, bits, 1))
    return np.concatenate(found, axis=-1)


def _jpeg(data: bytes, page: Page, photometric: int, count: int) -> Samples:
    """Pixels packed by JPEG, whose colours are decoded together with them."""
    if photometric not in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, YCBCR) or count != COLOURS[photometric]:
        raise DataError(f"its JPEG pixels have {count} samples of a kind that xonet does not support")
    if page.one(PLANAR, 1) == 2 and count > 1:
        raise DataError("its JPEG pixels are stored in separate planes, which xonet does not support")
    shown = BLACK_IS_ZERO if photometric == WHITE_IS_ZERO else photometric
    found = _opened(_plain(data, page, shown, (8,) * count, OF_JPEG), "L" if count == 1 else "RGB")
    found = found.reshape(*found.shape[:2], -1)
    return Samples(255 - found if photometric == WHITE_IS_ZERO else found)


def _opened(data: bytes, mode: str = "") -> np.ndarray:
    """What Pillow makes of a file of one page with plain tags; `mode` is its name of what is wanted."""
    with TiffImageFile(io.BytesIO(data)) as opened:
        if mode:
            opened._mode = mode
        opened.load()
        return np.asarray(opened)


def _plain(
    data: bytes,
    page: Page,
    photometric: int,
    bits: tuple[int, ...],
    more: tuple[int, ...] = (),
) -> bytes:
    """The same pixels as a file of one page with plain tags, which Pillow of every version reads in the same way."""
    if page.one(FILL_ORDER, 1) == 2 and page.one(COMPRESSION, 1) == 1:
        data = data.translate(REVERSED)  # its tags are no longer needed
    elif FILL_ORDER in page.tags:
        more = (FILL_ORDER, *more)
    tags: dict[int, tuple[int, ...] | bytes] = {}
    for tag in (*KEPT, *more):
        if tag in page.tags:
            tags[tag] = page.tags[tag]
        elif tag in page.bytes:
            tags[tag] = page.bytes[tag]
    tags |= {BITS: bits, PHOTOMETRIC: (photometric,), SAMPLES: (len(bits),), PLANAR: (1,)}
    order = page.order
    start = len(data) + len(data) % 2
    known = {tag: value for tag, value in sorted(tags.items()) if value}
    beside = start + 2 + 12 * len(known) + 4
    entries, content = b"", b""
    for tag, value in known.items():
        if isinstance(value, bytes):
            kind, length, packed = 7, len(value), value
        else:
            kind = 3 if max(value) < 1 << 16 else 4
            length, packed = len(value), struct.pack(f"{order}{len(value)}{WHOLE[kind]}", *value)
        if len(packed) > 4:
            place = struct.pack(f"{order}I", beside + len(content))
            content += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        entries += struct.pack(f"{order}HHI", tag, kind, length) + place
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, start)
    table = struct.pack(f"{order}H", len(known)) + entries + bytes(4)
    return b"".join([head, memoryview(data)[8:], b"\0" * (len(data) % 2), table, content])
