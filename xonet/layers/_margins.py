"""The knob of `pad2d` and `crop2d`: how many rows and columns at each side."""

from __future__ import annotations

from typing import Any

from xonet.language import limits
from xonet.language.kinds import Integer, Kind, ListOf

Sides = tuple[tuple[int, int], tuple[int, int]]
"""((top, bottom), (left, right))."""


class Margins(Kind):
    """`n`, `[height, width]`, `[top, bottom, left, right]` or `[[top, bottom], [left, right]]`: a value of `Sides`."""

    def schema(self) -> dict[str, Any]:
        """Told apart by type and length."""
        pixels = Integer(minimum=0, maximum=limits.SIZE)
        side = {"if": {"type": "array"}, "then": ListOf(pixels, minimum=2, maximum=2).schema(), "else": pixels.schema()}
        two = {"minItems": 2, "maxItems": 2, "items": side}
        four = ListOf(pixels, minimum=4, maximum=4).schema()
        several = {"if": {"minItems": 3}, "then": four, "else": two}
        return {"if": {"type": "array"}, "then": several, "else": pixels.schema()}

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
