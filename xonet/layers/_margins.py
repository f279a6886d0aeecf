"""The knob of `pad2d` and `crop2d`: how many rows and columns at each side."""

from __future__ import annotations

from typing import Any

from xonet.language import limits
from xonet.language.kinds import Integer, Kind, ListOf

Sides = tuple[tuple[int, int], tuple[int, int]]
"""((top, bottom), (left, right))."""


class Margins(Kind):
    """`n`, `[height, width]`, `[top, bottom, left, right]` or `[[top, bottom], [left, right]]`; its value is `Sides`."""

    def schema(self) -> dict[str, Any]:
        """Told apart by type, and by what stands first."""
        pixels = Integer(minimum=0, maximum=limits.SIZE)
        pairs = ListOf(ListOf(pixels, minimum=2, maximum=2), minimum=2, maximum=2).schema()
        flat = {**ListOf(pixels, minimum=2, maximum=4).schema(), "not": {"minItems": 3, "maxItems": 3}}
        return {
            "if": {"type": "array"},
            "then": {"if": {"contains": {"type": "array"}}, "then": pairs, "else": flat},
            "else": pixels.schema(),
        }

    def value(self, plain: Any) -> Sides:
        """Every side by itself."""
        if not isinstance(plain, list | tuple):
            return (plain, plain), (plain, plain)
        if len(plain) == 4:
            return (plain[0], plain[1]), (plain[2], plain[3])
        height, width = (tuple(side) if isinstance(side, list | tuple) else (side, side) for side in plain)
        return height, width


SPELLING = "n, [height, width], or [top, bottom, left, right]"
"""For the help of a knob."""
