"""The pages of a TIFF file, and their tags.

TIFF, Revision 6.0, Adobe 1992; BigTIFF, which has longer numbers.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from xonet.data import DataError

SUBFILE = 254
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
WHOLE = {1: "B", 3: "H", 4: "I", 16: "Q"}
"""The types of whole numbers from 0 on."""
STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
"""How such files begin: of either order of bytes, plain or big."""


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
            raise DataError(f"this TIFF file lacks the tag {tag}, without which its pixels cannot be interpreted")
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
        raise DataError("this TIFF file has no pages")
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
