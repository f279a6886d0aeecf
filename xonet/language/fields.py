"""Declarations: one `field` says a knob's type, bounds, default and help; schema, docs and value follow.

A *kind* is the type of a knob: it gives a JSON schema, and turns what the user wrote (already checked against
that schema) into the value that the code works with. A *record* is a class whose class attributes are fields.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar, TypeVar

from xonet.diagnostics import Span
from xonet.language.kinds import Kind
from xonet.language.nodes import Node

REQUIRED: Any = object()
"""The default of a field that has none: the user must write it."""

R = TypeVar("R", bound="Record")


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

    A record whose `only_field` names one of its fields is written as that field's value alone, not as a mapping
    (`share: 0.1`).
    """

    fields: ClassVar[dict[str, Field]] = {}
    only_field: ClassVar[str] = ""
    also: ClassVar[tuple[str, ...]] = ()
    """Names that other programs give it, with the same meaning; capitals and underscores do not count."""
    nearly: ClassVar[dict[str, str]] = {}
    """Names from elsewhere that mean not quite this, each with what to do."""
    parts: ClassVar[str] = ""
    """For a member of a family: the package that holds `native` and `reference`; empty where that is its own."""
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
        for name in own:
            delattr(cls, name)
        # a knob whose name is a word of Python's has an underscore behind it there: `from_`
        own = {name.rstrip("_"): member for name, member in own.items()}
        for name, member in own.items():
            member.name = name
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
            written = node if name == cls.only_field else node.get(name)
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
        if cls.only_field:
            return {**cls.fields[cls.only_field].schema(), "description": cls.summary()}
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

    def effective(self, knob: str) -> Any:
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
        if knob and knob == self.only_field:
            return self.node.span
        written = self.node.get(knob) if knob else None
        return written.span if written else self.place or self.node.span
