"""TIFF: what its tags say that samples mean.

Tags are read here, and Pillow is given the same pixels with plain tags: of 16 pairs of tags that mean something, it
knows some, and of those it reads some otherwise than they say.

TIFF, Revision 6.0, Adobe 1992.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from xonet.data import DataError
from xonet.data._samples import Samples
from xonet.data._tiles import raw

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, SAMPLES, PLANAR, PREDICTOR = 256, 257, 258, 259, 262, 277, 284, 317
SUBFILE, STRIPS, ROWS, COUNTS, TILES, TILE_COUNTS = 254, 273, 278, 279, 324, 325
COLOUR_MAP, INKS, EXTRA, FORMAT, SUBSAMPLING, REFERENCE, ORIENTATION = 320, 332, 338, 339, 530, 532, 274
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, LAB = 0, 1, 2, 3, 5, 6, 8
COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, PALETTE: 1, CMYK: 4, YCBCR: 3, LAB: 3}
"""Samples of a pixel without the extra ones."""
KEPT = (WIDTH, HEIGHT, COMPRESSION, 266, STRIPS, ROWS, COUNTS, 292, 293, PREDICTOR, 322, 323, TILES, TILE_COUNTS, 347)
"""What says where pixels lie and how they are packed: it is handed to Pillow as it is."""
OLD_JPEG, JPEG = 6, 7
OF_JPEG = (*range(512, 522), SUBSAMPLING, REFERENCE)
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
WHOLE = {1: "B", 3: "H", 4: "I", 16: "Q"}
"""The types of whole numbers from 0 on."""
STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How such files begin: of either order of bytes, plain or big."""
UNPACKS = 1400
"""How many times as long as its packed pixels a picture may be, at most."""


@dataclass
class Page:
    """A page's tags: whole numbers as tuples, all else as bytes."""

    order: str
    tags: dict[int, tuple[int, ...]] = field(default_factory=dict)
    bytes: dict[int, bytes] = field(default_factory=dict)

    def one(self, tag: int, default: int | None = None) -> int:
        """A tag's single number.

        Raises:
            DataError: where the file has none, and there is no default.
        """
        found = self.tags.get(tag)
        if found:
            return found[0]
        if default is None:
            raise DataError(f"this TIFF file lacks the tag {tag}, without which its pixels say nothing")
        return default


def pages(data: bytes) -> list[Page]:
    """The pages of a TIFF file, without thumbnails and masks of others.

    Raises:
        DataError: where there is none.
    """
    order = "<" if data[:2] == b"II" else ">"
    try:
        big = struct.unpack_from(f"{order}H", data, 2)[0] == 43
        at = struct.unpack_from(f"{order}Q" if big else f"{order}I", data, 8 if big else 4)[0]
        found: list[Page] = []
        seen: set[int] = set()
        while at and at not in seen:
            seen.add(at)
            try:
                page, at = _page(data, order, big, at)
            except struct.error:
                if not found:
                    raise
                break  # what comes after the first page is only counted
            found.append(page)
    except struct.error:
        raise DataError("this TIFF file is cut short") from None
    whole = [page for page in found if not page.one(SUBFILE, 0) & 5]
    if not found:
        raise DataError("this TIFF file has no page")
    return whole or found[:1]


def _page(data: bytes, order: str, big: bool, at: int) -> tuple[Page, int]:
    """The page whose tags begin at `at`, and where the next one's do."""
    page = Page(order)
    number, entry, offset, inside = ("Q", 20, "Q", 8) if big else ("H", 12, "I", 4)
    (count,) = struct.unpack_from(order + number, data, at)
    at += struct.calcsize(order + number)
    if count * entry > len(data):
        raise struct.error
    for _ in range(count):
        tag, kind, length = struct.unpack_from(f"{order}HH{offset}", data, at)
        size = SIZES.get(kind, 0) * length
        place = at + entry - inside
        if size > inside:
            (place,) = struct.unpack_from(order + offset, data, place)
        if kind in WHOLE and size <= len(data):
            page.tags[tag] = struct.unpack_from(f"{order}{length}{WHOLE[kind]}", data, place)
        elif place + size <= len(data):
            page.bytes[tag] = data[place : place + size]
        at += entry
    return page, struct.unpack_from(order + offset, data, at)[0]


def samples(data: bytes, page: Page) -> Samples:
    """What a page holds.

    Raises:
        DataError: where its tags do not say what its samples mean, or say something that Pillow cannot read.
    """
    photometric, count = page.one(PHOTOMETRIC), page.one(SAMPLES, 1)
    if photometric not in COLOURS:
        raise DataError(f"its pixels have the photometric interpretation {photometric}, which xonet does not know")
    colours, compression = COLOURS[photometric], page.one(COMPRESSION, 1)
    bits = _bits(page, count)
    extra = page.tags.get(EXTRA, ())[: max(0, count - colours)]
    if count < colours or count > 6:
        raise DataError(f"its pixels have {count} sample(s) where {colours} are expected")
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
        raise DataError(f"its samples have {', '.join(map(str, bits))} bits, which xonet does not read")
    kind = {2: "signed", 3: "floating-point", 5: "complex", 6: "complex"}
    if strange := [value for value in kinds if value != 1]:
        what = kind.get(strange[0], "undefined")
        raise DataError(f"expected whole grey values from 0 on, found {what} ones, whose black and white are unknown")
    if bits[0] > 16:
        raise DataError(f"expected grey values of at most 16 bits, found {bits[0]}, whose white is unknown")
    if bits[0] not in ((1, 2, 4, 8, 12, 16) if count == 1 or page.one(PLANAR, 1) == 2 else (8, 16)):
        raise DataError(f"its pixels have {count} sample(s) of {bits[0]} bits, which xonet does not read")
    return bits[0]


def _check_length(data: bytes, page: Page, bits: int, compression: int) -> None:
    """Refuse more pixels than the file can hold, before there is memory for them."""
    height, width = page.one(HEIGHT), page.one(WIDTH)
    packs = 1 if compression == 1 else UNPACKS
    if compression not in (2, 3, 4, OLD_JPEG, JPEG) and height * width * bits > 8 * packs * len(data):
        raise DataError(f"its header says {height} × {width} pixels, and it is too short for them")


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
            raise DataError("such colours are read from 8-bit samples only")
        if photometric == YCBCR and (page.tags.get(SUBSAMPLING) != (1, 1) or not _is_full_range(page)):
            raise DataError("its YCbCr pixels are subsampled or have a scale of their own, which xonet does not read")
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


def _palette(page: Page, index: np.ndarray, white: int) -> tuple[np.ndarray, int]:
    """The colours of a palette's numbers, and their white.

    Colours have 16 bits; many writers put 8-bit ones into the upper half, and zeros below.
    """
    colours = np.array(page.tags.get(COLOUR_MAP, ()), np.uint16)
    if len(colours) != 3 * (white + 1):
        raise DataError(f"its palette has {len(colours) // 3} colours where {white + 1} are expected")
    if 0 < colours.max() < 256:
        raise DataError("its palette's colours are below 256 of 65535: they are 8-bit ones by mistake, or all black")
    table = colours.reshape(3, -1).T
    return (table[index] >> 8, 255) if not (colours & 255).any() else (table[index], 65535)


def _pixels(data: bytes, page: Page, bits: int, count: int) -> np.ndarray:
    """The samples of a page whose pixels lie one beside the other, (height, width, count)."""
    if count == 1:
        found = raw(_plain(data, page, BLACK_IS_ZERO, (bits,), ()), "TIFF", *_grey(page, bits))
        if bits in (2, 4):
            found = found // (255 // ((1 << bits) - 1))  # Pillow spreads them to 0 to 255
        return found.astype(np.uint16 if bits > 8 else np.uint8)[..., None]
    if count == 2 and bits == 16:
        if page.one(PREDICTOR, 1) != 1:
            raise DataError("16-bit grey values with alpha are read without a predictor only")
        four = raw(_plain(data, page, RGB, (8,) * 4, (2,)), "TIFF", "RGBA", "RGBA")
        return np.ascontiguousarray(four).view(f"{page.order}u2").astype(np.uint16)
    if count == 2:
        return raw(_plain(data, page, BLACK_IS_ZERO, (8, 8), (2,)), "TIFF", "LA", "LA")
    extra = () if count == 3 else (2, *[0] * (count - 4))
    plain = _plain(data, page, RGB, (bits,) * count, extra)
    mode = "RGB" if count == 3 else "RGBA"
    if bits == 8:
        found = raw(plain, "TIFF", mode, lambda own: own)
        return found if count <= 4 else np.concatenate([found, np.zeros((*found.shape[:2], count - 4), np.uint8)], -1)
    if count > 4:
        raise DataError(f"its pixels have {count} samples of 16 bits, which xonet does not read")
    high, low = raw(plain, "TIFF", mode, lambda own: own), raw(plain, "TIFF", mode, _other_half)
    return (high.astype(np.uint16) << 8) | low


def _other_half(rawmode: str) -> str:
    """Of Pillow's name of 16-bit samples, whose upper half it keeps, the name by which it keeps the lower one."""
    native = "L" if sys.byteorder == "little" else "B"
    end = native if rawmode[-1] == "N" else rawmode[-1]
    return rawmode[:-1] + {"L": "B", "B": "L"}[end]


def _grey(page: Page, bits: int) -> tuple[str, Callable[[str], str]]:
    """Pillow's mode for grey of so many bits; its own way of unpacking stays."""
    modes = {1: "1", 12: "I;16", 16: "I;16" if page.order == "<" else "I;16B"}
    return modes.get(bits, "L"), lambda own: own


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
        raise DataError(f"its JPEG pixels have {count} samples of a meaning that xonet does not read")
    if page.one(PLANAR, 1) == 2 and count > 1:
        raise DataError("its JPEG pixels lie in a plane for each sample, which xonet does not read")
    shown = BLACK_IS_ZERO if photometric == WHITE_IS_ZERO else photometric
    plain = _plain(data, page, shown, (8,) * count, (), OF_JPEG)
    found = raw(plain, "TIFF", "L" if count == 1 else "RGB", lambda own: own)
    found = found.reshape(*found.shape[:2], -1)
    return Samples(255 - found if photometric == WHITE_IS_ZERO else found)


def _plain(
    data: bytes,
    page: Page,
    photometric: int,
    bits: tuple[int, ...],
    extra: tuple[int, ...],
    more: tuple[int, ...] = (),
) -> bytes:
    """The same pixels as a file of one page with plain tags, which Pillow of every version reads in the same way."""
    tags: dict[int, tuple[int, ...] | bytes] = {}
    for tag in (*KEPT, *more):
        if tag in page.tags:
            tags[tag] = page.tags[tag]
        elif tag in page.bytes:
            tags[tag] = page.bytes[tag]
    tags |= {BITS: bits, PHOTOMETRIC: (photometric,), SAMPLES: (len(bits),), PLANAR: (1,), EXTRA: extra}
    order = "<" if bits == (12,) else page.order  # Pillow knows 12 bits in this order only; in the file it is no other
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
