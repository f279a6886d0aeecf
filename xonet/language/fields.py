"""Declarations: one `field` says a knob's type, bounds, default and help; schema, docs and value follow.

A *kind* is the type of a knob: it gives a JSON schema, and turns what the user wrote (already checked against
that schema) into the value that the code works with. A *record* is a class whose class attributes are fields.
"""

from __future__ import annotations

import inspect
import struct
from typing import Any, ClassVar, TypeVar

from xonet.diagnostics import Span
from xonet.language.limits import REAL, TINY, WHOLE
from xonet.language.nodes import Node

REQUIRED: Any = object()
"""The default of a field that has none: the user must write it."""

R = TypeVar("R", bound="Record")


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
    """A whole number, an int64 for the engine; `2.0` is none."""

    type = "integer"
    least = -WHOLE - 1
    most = WHOLE

    def value(self, plain: Any) -> Any:
        """An int."""
        return int(plain)


class Flag(Kind):
    """true or false."""

    def schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


class Text(Kind):
    """A string that is not empty; `pattern` is an ECMA regular expression with `says` in words what it asks for."""

    def __init__(self, pattern: str = "", says: str = "") -> None:
        self.pattern, self.says = pattern, says

    def schema(self) -> dict[str, Any]:
        """A string."""
        if not self.pattern:
            return {"type": "string", "minLength": 1}
        return {"type": "string", "minLength": 1, "pattern": self.pattern, "patternErrorMessage": f"use {self.says}"}


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
    """A list where the user writes a list, otherwise the other kind: told apart by the first look, never by trial."""

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


class Anything(Kind):
    """Whatever the user likes (the `knobs:` section)."""

    def schema(self) -> dict[str, Any]:
        """No demand."""
        return {}


class Nested(Kind):
    """A mapping that is a record of its own."""

    def __init__(self, record: type[Record]) -> None:
        self.record = record

    def schema(self) -> dict[str, Any]:
        """The record's schema."""
        return self.record.schema()

    def value(self, plain: Any) -> Any:
        """The record."""
        return plain if isinstance(plain, self.record) else self.record(**plain)

    def read(self, node: Node) -> Any:
        """The record, knowing its place."""
        return self.record.read(node)


class Field:
    """A knob's declaration."""

    def __init__(self, kind: Kind, help: str, default: Any, example: Any, also: tuple[str, ...]) -> None:
        self.kind, self.help, self.default, self.example, self.also = kind, help, default, example, also
        self.name = ""

    @property
    def required(self) -> bool:
        """Whether the user must write it."""
        return self.default is REQUIRED

    def schema(self) -> dict[str, Any]:
        """The kind's schema with help, default and example."""
        schema = {"description": self.help, **self.kind.schema()}
        if not self.required and self.default is not None:
            schema["default"] = self.default
        if self.example is not None:
            schema["examples"] = [self.example]
        if self.also:
            schema["x-also"] = list(self.also)
        return schema


def field(kind: Kind, help: str, *, default: Any = REQUIRED, example: Any = None, also: tuple[str, ...] = ()) -> Any:
    """Declare a knob: its kind, one sentence of help, and its default as the user would write it.

    A default of None means that the knob is absent unless written; `example` is shown where a required knob is missing.
    `also` are names that other programs give the same knob, with the same meaning: a person who types one is told ours.
    """
    return Field(kind, help, default, example, also)


class Record:
    """What one mapping of the file declares. Class attributes made with `field` become its knobs, in their order.

    A record whose `sole` names one of its fields is written as that field's value alone, not as a mapping
    (`share: 0.1`).
    """

    fields: ClassVar[dict[str, Field]] = {}
    sole: ClassVar[str] = ""
    also: ClassVar[tuple[str, ...]] = ()
    """Names that other programs give it, with the same meaning; capitals and underscores do not count."""
    nearly: ClassVar[dict[str, str]] = {}
    """Names from elsewhere that mean not quite this, each with what to do."""
    advice: ClassVar[dict[str, str]] = {}
    """Knobs from elsewhere that it does not have, each with what to do instead, `{value}` being what was written."""
    node: Node | None = None
    """The mapping that declares it; None for a record made in Python."""
    place: Span | None = None
    """The word that names it, for a member of a family (`conv2d`)."""
    alias: Span | None = None
    """Where the file uses it, if that is an alias of what `node` and `place` point into."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        own = {name: member for name, member in vars(cls).items() if isinstance(member, Field)}
        for name, member in own.items():
            member.name = name
            delattr(cls, name)
        cls.fields = own | {name: member for name, member in cls.fields.items() if name not in own}

    def __init__(self, **knobs: Any) -> None:
        """From knobs as the user would write them (`kernel_size=3`)."""
        for name, member in self.fields.items():
            plain = knobs.pop(name, member.default)
            if plain is REQUIRED:
                raise TypeError(f"{type(self).__name__} needs {name}")
            setattr(self, name, None if plain is None else member.kind.value(plain))
        if knobs:
            raise TypeError(f"{type(self).__name__} has no knob {', '.join(knobs)}")

    @classmethod
    def read(cls: type[R], node: Node) -> R:
        """From a node that fits `schema()`."""
        record = cls.__new__(cls)
        record.node = node
        for name, member in cls.fields.items():
            written = node if name == cls.sole else node.get(name)
            if written is not None:
                value = member.kind.read(written)
            else:
                value = None if member.default is None else member.kind.value(member.default)
            setattr(record, name, value)
        return record

    @classmethod
    def summary(cls) -> str:
        """The first paragraph of the docstring, on one line."""
        return " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split())

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """The JSON schema of the mapping."""
        if cls.sole:
            return {**cls.fields[cls.sole].schema(), "description": cls.summary()}
        schema: dict[str, Any] = {
            "description": cls.summary(),
            "type": "object",
            "properties": {name: member.schema() for name, member in cls.fields.items()},
            "additionalProperties": False,
        }
        required = [name for name, member in cls.fields.items() if member.required]
        if required:
            schema["required"] = required
        if cls.advice:
            schema["x-advice"] = cls.advice
        return schema

    def settled(self, knob: str) -> Any:
        """The value that holds; a record whose default follows from other knobs says here how."""
        return getattr(self, knob)

    def wrote(self, knob: str) -> bool:
        """Whether the file says `knob` itself."""
        return self.node is not None and self.node.get(knob) is not None

    def span(self, knob: str = "") -> Span:
        """The place of `knob`'s value; where the file does not say it, of the word that names the record.

        Raises:
            LookupError: for a record made in Python, which has no place.
        """
        if self.node is None:
            raise LookupError(f"{type(self).__name__} was not read from a file")
        if knob and knob == self.sole:
            return self.node.span
        written = self.node.get(knob) if knob else None
        return written.span if written else self.place or self.node.span
