"""Kinds of knobs: each gives a JSON schema, and turns what the user wrote into the value that the code works with."""

from __future__ import annotations

import struct
from typing import Any, ClassVar

from xonet.language.limits import REAL, TINY, WHOLE
from xonet.language.nodes import Node


class Kind:
    """The type of a knob."""

    def schema(self) -> dict[str, Any]:
        """The JSON schema (draft 2020-12) of what the user may write."""
        raise NotImplementedError

    def value(self, plain: Any) -> Any:
        """What the code works with, from plain data that fits the schema."""
        return plain

    def read(self, node: Node) -> Any:
        """What the code works with, from a node that fits the schema; kinds that need places override this."""
        return self.value(node.plain())


class Number(Kind):
    """A number, whole or not; `above` and `below` are exclusive bounds. Its value is a float.

    Every number is a float32 for the engine. So none is larger than one, and none is so near an exclusive bound that it
    would be that bound as a float32.
    """

    type = "number"
    least: float = -REAL
    most: float = REAL

    def __init__(
        self,
        minimum: float | None = None,
        maximum: float | None = None,
        *,
        above: float | None = None,
        below: float | None = None,
    ) -> None:
        bounds = {
            "exclusiveMinimum": above,
            "exclusiveMaximum": below,
            "minimum": self.least if minimum is None else minimum,
            "maximum": self.most if maximum is None else maximum,
        }
        if above is not None:
            bounds["minimum"] = _float32_beside(above, 1)
        if below is not None:
            bounds["maximum"] = _float32_beside(below, -1)
        self.bounds = {key: bound for key, bound in bounds.items() if bound is not None}

    def schema(self) -> dict[str, Any]:
        """Type and bounds."""
        return {"type": self.type, **self.bounds}

    def value(self, plain: Any) -> Any:
        """A float; there is one zero, as a -0 is below 0 for some of what takes it."""
        return float(plain) + 0.0


def _float32_beside(bound: float, way: int) -> float:
    """The float32 next to `bound`, above it where `way` is 1 and below it where `way` is -1; next to 0 a normal one."""
    if bound == 0:
        return way * TINY
    bits: int = struct.unpack("<i", struct.pack("<f", bound))[0]
    beside: float = struct.unpack("<f", struct.pack("<i", bits + (way if bound > 0 else -way)))[0]
    return beside


class Integer(Number):
    """A whole number, an int64 for the engine; `2.0` is not one."""

    type = "integer"
    least = -WHOLE - 1
    most = WHOLE

    def value(self, plain: Any) -> Any:
        """An int."""
        return int(plain)


class Count(Number):
    """A number, of which a part may be wanted: `10`, `2.5`. Its value is an int where it is whole."""

    most = WHOLE

    def value(self, plain: Any) -> Any:
        """An int or a float."""
        return int(plain) if float(plain).is_integer() else float(plain)


class Flag(Kind):
    """true or false."""

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


class Text(Kind):
    """A string that is not empty; `pattern` is an ECMA regular expression, and `says` describes it in words."""

    def __init__(self, pattern: str = "", says: str = "") -> None:
        self.pattern, self.says = pattern, says

    def schema(self) -> dict[str, Any]:
        """A string."""
        if not self.pattern:
            return {"type": "string", "minLength": 1}
        return {"type": "string", "minLength": 1, "pattern": self.pattern, "patternErrorMessage": f"use {self.says}"}


class Duration(Kind):
    """A time: seconds, or text with a unit (`90 s`, `10 min`, `2 h`). Its value is in seconds."""

    units: ClassVar = {"s": 1, "min": 60, "h": 3600}

    def schema(self) -> dict[str, Any]:
        """By type."""
        text = Text(r"^(?=.*[1-9])[0-9]{1,9}(\.[0-9]{1,9})? ?(s|min|h)$", "a number and s, min or h: 10 min")
        return {"if": {"type": "string"}, "then": text.schema(), "else": Number(above=0).schema()}

    def value(self, plain: Any) -> float:
        """Seconds."""
        if not isinstance(plain, str):
            return float(plain)
        number = plain.rstrip("sminh ")
        return float(number) * self.units[plain.removeprefix(number).strip()]


class Choice(Kind):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def schema(self) -> dict[str, Any]:
        """An enumeration."""
        return {"type": "string", "enum": list(self.words)}


class ListOf(Kind):
    """A list of one kind, as a tuple."""

    def __init__(self, kind: Kind, *, minimum: int = 0, maximum: int | None = None, unique: bool = False) -> None:
        self.kind, self.minimum, self.maximum, self.unique = kind, minimum, maximum, unique

    def schema(self) -> dict[str, Any]:
        """An array."""
        schema: dict[str, Any] = {"type": "array", "items": self.kind.schema()}
        if self.minimum:
            schema["minItems"] = self.minimum
        if self.maximum is not None:
            schema["maxItems"] = self.maximum
        if self.unique:
            schema["uniqueItems"] = True
        return schema

    def value(self, plain: Any) -> Any:
        """A tuple of values."""
        return tuple(self.kind.value(item) for item in plain)

    def read(self, node: Node) -> Any:
        """A tuple of values."""
        return tuple(self.kind.read(item) for item in node.value)


class Either(Kind):
    """A list where the user writes a list, otherwise the other kind: decided by type, never by trial and error."""

    def __init__(self, other: Kind, many: ListOf) -> None:
        self.other, self.many = other, many

    def schema(self) -> dict[str, Any]:
        """`if` array `then` the list `else` the other."""
        return {"if": {"type": "array"}, "then": self.many.schema(), "else": self.other.schema()}

    def value(self, plain: Any) -> Any:
        """The list's value or the other's."""
        return (self.many if isinstance(plain, list | tuple) else self.other).value(plain)


class Pair(Either):
    """`n` for both, or `[height, width]`; its value is always a pair."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind, ListOf(kind, minimum=2, maximum=2))

    def value(self, plain: Any) -> Any:
        """(height, width)."""
        value = super().value(plain)
        return value if isinstance(value, tuple) else (value, value)


class Interval(ListOf):
    """`[low, high]`, as a pair."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(kind, minimum=2, maximum=2)


class Numbers(Kind):
    """Literal numbers: one, or lists of them nested to any depth. Its value is what was written."""

    def schema(self) -> dict[str, Any]:
        """A recursive definition in the network's schema."""
        return {"$ref": "#/$defs/numbers"}


class MapOf(Kind):
    """A mapping from any word to one kind."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def schema(self) -> dict[str, Any]:
        """An object with any keys."""
        return {"type": "object", "additionalProperties": self.kind.schema()}

    def value(self, plain: Any) -> Any:
        """A dict of values."""
        return {key: self.kind.value(item) for key, item in plain.items()}


class MapOr(Kind):
    """A mapping from any word to one kind where the user writes a mapping, otherwise the other kind."""

    def __init__(self, kind: Kind, other: Kind) -> None:
        self.many, self.other = MapOf(kind), other

    def schema(self) -> dict[str, Any]:
        """`if` object `then` the mapping `else` the other."""
        return {"if": {"type": "object"}, "then": self.many.schema(), "else": self.other.schema()}

    def value(self, plain: Any) -> Any:
        """The mapping's value or the other's."""
        return (self.many if isinstance(plain, dict) else self.other).value(plain)


class Anything(Kind):
    """Any value (the `knobs:` section)."""

    def schema(self) -> dict[str, Any]:
        """No constraint."""
        return {}
