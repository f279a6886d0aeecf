"""Families of records that find their members themselves: a new module in the folder is a new word of the language."""

from __future__ import annotations

import pkgutil
from types import ModuleType
from typing import Any, Generic, TypeVar

from xonet.language.fields import Record
from xonet.language.kinds import Kind, ListOf
from xonet.language.nodes import Node
from xonet.lazily import lazily
from xonet.turns import imported

M = TypeVar("M", bound=Record)

FEW = 8
"""How many members an unknown name's message lists at most."""


class Family(Generic[M]):
    """The members of a package: each module or folder that declares a subclass of `base`, under the module's name.

    The user writes a member as its name, where it needs no knobs, or as a mapping with that one key.
    """

    def __init__(
        self,
        noun: str,
        package: str,
        base: type[M],
        advice: dict[str, str] | None = None,
        absent: tuple[str, ...] = (),
    ) -> None:
        """`noun` is what a message calls a member: "layer", "optimizer".

        `advice` holds names from elsewhere that match no member, each with what to do instead; `absent` holds those
        for which there is no substitute.
        """
        self.noun, self.package, self.base, self.advice, self.absent = noun, package, base, advice or {}, absent

    @lazily
    def members(self) -> dict[str, type[M]]:
        """Every member by its word, in alphabetical order."""
        path = imported(self.package).__path__
        members: dict[str, type[M]] = {}
        for word in sorted(module.name for module in pkgutil.iter_modules(path) if not module.name.startswith("_")):
            module = imported(f"{self.package}.{word}")
            for member in vars(module).values():
                if isinstance(member, type) and issubclass(member, self.base) and member.__module__ == module.__name__:
                    members[word] = member
        return members

    def word(self, member: M | type[M]) -> str:
        """What the user writes for `member`: the name of its module."""
        kind = member if isinstance(member, type) else type(member)
        return kind.__module__.removeprefix(f"{self.package}.")

    def part(self, member: M | type[M], name: str) -> ModuleType:
        """Another module of the member's package: `reference` or `native`."""
        kind = member if isinstance(member, type) else type(member)
        return imported(f"{kind.parts or kind.__module__}.{name}")

    def schema(self) -> dict[str, Any]:
        """A word, or a mapping with one word as its only key; never `oneOf`, for exact errors and completion."""
        words = list(self.members)
        all_named = f"there are {' and '.join([', '.join(words[:-1]), words[-1]])}"
        offered = all_named if len(words) <= FEW else f"`xonet catalogue` lists every {self.noun}"
        advice = dict.fromkeys(self.absent, f"it is not available; {offered}") | self.advice
        advice |= {k: v for member in self.members.values() for k, v in _own(member).items()}
        bare = [word for word, member in self.members.items() if not any(f.required for f in member.fields.values())]
        return {
            "title": self.noun,
            "if": {"type": "string"},
            "then": {"enum": bare},
            "else": {
                "type": "object",
                "properties": {word: _named(member) for word, member in self.members.items()},
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
                **({"x-advice": advice} if advice else {}),
            },
        }

    def read(self, node: Node) -> M:
        """The member that a node declares; the node fits `schema()`."""
        if isinstance(node.value, str):
            member = self.members[node.value].read(Node({}, node.span, node.origin))
            member.place = node.span
        else:
            word, knobs = next(iter(node.value.items()))
            member = self.members[word].read(knobs)
            member.place = node.keys[word]
        member.alias = node.span if node.origin else None
        return member

    def make(self, plain: Any) -> M:
        """The member that plain data declares; a value that is a member already is returned."""
        if isinstance(plain, self.base):
            return plain
        if isinstance(plain, str):
            return self.members[plain]()
        word, knobs = next(iter(plain.items()))
        member = self.members[word]
        return member(**({member.only_field: knobs} if member.only_field else knobs))


def _named(member: type[Record]) -> dict[str, Any]:
    """A member's schema with its names in other programs, which its bases and relatives do not share."""
    also = list(vars(member).get("also", ()))
    return {**member.schema(), **({"x-also": also} if also else {})}


def _own(member: type[Record]) -> dict[str, str]:
    """A member's advice about names that mean almost the same."""
    return dict(vars(member).get("nearly", {}))


class OneOf(Kind):
    """One member of a family."""

    def __init__(self, family: Family[Any]) -> None:
        self.family = family

    def schema(self) -> dict[str, Any]:
        """A reference to the family's definition."""
        return {"$ref": f"#/$defs/{self.family.noun}"}

    def value(self, plain: Any) -> Any:
        """The member."""
        return self.family.make(plain)

    def read(self, node: Node) -> Any:
        """The member, knowing its place."""
        return self.family.read(node)


def many(family: Family[Any], *, minimum: int = 0) -> ListOf:
    """A list of members of a family."""
    return ListOf(OneOf(family), minimum=minimum)
