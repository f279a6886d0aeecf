"""Whether bytes are an object file that can be handed to LLVM, which ends the process when it is given anything else.

A fingerprint says that a file is as it was written, not what was. Source: System V ABI, "Object Files".
"""

from __future__ import annotations

import platform
import struct
import sys
from typing import NamedTuple

PROCESSORS = {"x86_64": 62, "aarch64": 183}
RELOCATABLE = 1
SYMBOLS, STRINGS, RELOCATIONS, NO_BITS = 2, 3, 4, 8
"""Kinds of section; the last one takes no room in the file."""
ENTRY = {SYMBOLS: 24, RELOCATIONS: 24}
"""Bytes of an entry of theirs."""
THREAD_LOCAL = 0x400


class _Section(NamedTuple):
    name: int
    kind: int
    flags: int
    address: int
    start: int
    size: int
    link: int
    info: int
    alignment: int
    entry: int


def defines(code: bytes, name: str) -> bool:
    """Whether these are an object file for this processor, whole, that knows the name; of no format but ELF, anything.

    What is checked are its header and those of its sections, not what they hold.
    """
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return True
    if len(code) < 64 or code[:5] != b"\x7fELF\x02" or code[5] != 1 + (sys.byteorder == "big"):
        return False
    order = "<" if sys.byteorder == "little" else ">"
    kind, processor, table, size, count, names = struct.unpack(f"{order}16xHH20xQ10xHHH", code[:64])
    if (
        kind != RELOCATABLE
        or processor != PROCESSORS.get(platform.machine(), processor)
        or size != 64
        or not names < count
        or table + size * count > len(code)
    ):
        return False
    sections = [_Section(*struct.unpack_from(f"{order}IIQQQQIIQQ", code, table + size * n)) for n in range(count)]
    strings = sections[names]
    known = f"{name}\0".encode() in code[strings.start : strings.start + strings.size]
    return (
        known and strings.kind == STRINGS and all(_is_whole(section, strings, sections, code) for section in sections)
    )


def _is_whole(section: _Section, names: _Section, sections: list[_Section], code: bytes) -> bool:
    """Whether a section lies within the file, and what its header refers to is there."""
    return (
        section.name < names.size
        and (section.size if section.kind == NO_BITS else section.start + section.size) <= len(code)
        and section.link < len(sections)
        and (section.kind != RELOCATIONS or section.info < len(sections))
        and section.entry == ENTRY.get(section.kind, section.entry)
        and not section.flags & THREAD_LOCAL
        and section.alignment & (section.alignment - 1) == 0
        and section.alignment <= 4096
    )
