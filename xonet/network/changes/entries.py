"""The lists of a file whose order has a meaning, as trees of entries: layers with those they hold, augmentations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xonet.language.families import OneOf
from xonet.language.fields import Nested, Record
from xonet.language.kinds import Kind, ListOf
from xonet.lazily import lazily
from xonet.network.changes.plain import canonical, holds_members, written

PATH = "path"
"""The word of an entry that is a list of layers itself: a path of `branches`."""


@dataclass(eq=False)
class Entry:
    """One entry of a list."""

    word: str
    place: str
    """As `--set` names it: `layers.3.residual.layers.0`."""
    record: Record | None
    """None for a path of `branches`, which has no knobs."""
    lists: tuple[tuple[Entry, ...], ...]
    """The lists it holds, in the order of its declaration."""

    @property
    def name(self) -> str | None:
        """Its label, unique in the file."""
        name: str | None = getattr(self.record, "name", None)
        return name

    @lazily
    def signature(self) -> str:
        """The same text for the same entry, with all it holds."""
        lists = "".join(f"[{' '.join(entry.signature for entry in entries)}]" for entries in self.lists)
        return f"{self._own}{lists}"

    @lazily
    def facts(self) -> Counter[str]:
        """Its knobs and those of all it holds, to tell how near it is to another."""
        return Counter(f"{entry.word} {knob}" for entry in self.tree for knob in entry._knobs)

    @property
    def tree(self) -> list[Entry]:
        """Itself and all it holds, in the order of the file."""
        return [self, *(inner for entries in self.lists for entry in entries for inner in entry.tree)]

    @lazily
    def size(self) -> int:
        """How many entries it is."""
        return len(self.tree)

    @property
    def _own(self) -> str:
        return f"{self.word}{{{', '.join(self._knobs)}}}"

    @lazily
    def _knobs(self) -> list[str]:
        if self.record is None:
            return []
        knobs = ((name, member.kind) for name, member in self.record.fields.items() if not holds_members(member.kind))
        return [f"{name}: {canonical(written(kind, self.record.effective(name)))}" for name, kind in knobs]


def lists_of(record: Record, place: str = "") -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """The lists of members in a record and in the records it nests, each with its place."""
    for name, member in record.fields.items():
        here, value = f"{place}.{name}" if place else name, getattr(record, name)
        if holds_members(member.kind):
            yield here, _entries(member.kind, value, here)
        elif isinstance(member.kind, Nested) and value is not None:
            yield from lists_of(value, here)


def _entries(kind: Kind, values: Sequence[Any], place: str) -> tuple[Entry, ...]:
    assert isinstance(kind, ListOf)
    steps = (getattr(value, "step", "") or str(index) for index, value in enumerate(values))
    return tuple(_entry(kind.kind, value, f"{place}.{step}") for step, value in zip(steps, values, strict=True))


def _entry(kind: Kind, value: Any, place: str) -> Entry:
    if not isinstance(kind, OneOf):
        return Entry(PATH, place, None, (_entries(kind, value, place),))
    word = kind.family.word(value)
    return Entry(word, place, value, tuple(entries for _, entries in lists_of(value, f"{place}.{word}")))
