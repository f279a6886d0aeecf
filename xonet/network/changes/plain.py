"""Records as plain data, as short as a user would write them, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from xonet.language.families import OneOf
from xonet.language.fields import Field, Record
from xonet.language.kinds import Kind, ListOf, Pair
from xonet.language.scalars import flow
from xonet.layers._window import Padding
from xonet.network.names import Names


@dataclass(frozen=True)
class Setting:
    """One knob that changed; plain data on both sides, None where it is absent."""

    place: str
    """Its place in the file, as `--set` names it: `training.optimizer.sgd.learning_rate`."""
    old: Any
    new: Any


def differences(old: Record, new: Record, place: str = "", without: Container[str] = ()) -> Iterator[Setting]:
    """What differs between two records of one class, defaults filled in, but for lists of members and `without`."""
    for name, member in old.fields.items():
        if name not in without and not holds_members(member.kind):
            here = f"{place}.{name}" if place else name
            yield from _between(member.kind, old.effective(name), new.effective(name), here)


def _between(kind: Kind, old: Any, new: Any, place: str) -> Iterator[Setting]:
    """What differs between two values of one knob: knob by knob inside one class, otherwise as a whole."""
    if isinstance(old, Record) and type(old) is type(new):
        inside = f"{place}.{kind.family.word(old)}" if isinstance(kind, OneOf) else place
        if old.only_field:
            only_field = old.fields[old.only_field].kind
            yield from _between(only_field, getattr(old, old.only_field), getattr(new, old.only_field), inside)
        else:
            yield from differences(old, new, inside)
    elif canonical(written(kind, old)) != canonical(written(kind, new)):
        yield Setting(place, written(kind, old), written(kind, new))


def written(kind: Kind, value: Any) -> Any:
    """A knob's value as plain data, without what stands at its default."""
    if value is None:
        return None
    if isinstance(kind, OneOf):
        word = kind.family.word(value)
        knobs = (
            written(value.fields[value.only_field].kind, getattr(value, value.only_field))
            if value.only_field
            else knobs_of(value)
        )
        return {word: knobs} if knobs or value.only_field else word
    if isinstance(value, Record):
        return knobs_of(value)
    if isinstance(kind, ListOf):
        return [written(kind.kind, item) for item in value]
    plain = _short(value)
    if isinstance(kind, Names):
        return len(plain) if len(plain) >= kind.minimum and kind.value(len(plain)) == value else plain
    if isinstance(kind, Pair | Padding) and isinstance(plain, list):
        first = plain[0][0] if isinstance(plain[0], list) else plain[0]
        return first if kind.value(first) == value else plain
    return plain


def knobs_of(record: Record, *, members: bool = True) -> dict[str, Any]:
    """A record's knobs that differ from their defaults; `members`: also the lists of members it holds."""
    return {
        name: written(member.kind, getattr(record, name))
        for name, member in record.fields.items()
        if (members or not holds_members(member.kind)) and not _at_default(member, getattr(record, name))
    }


def holds_members(kind: Kind) -> bool:
    """Whether a knob is a list of layers or augmentations, or a list of such lists."""
    return isinstance(kind, ListOf) and (isinstance(kind.kind, OneOf) or holds_members(kind.kind))


def canonical(value: Any) -> str:
    """The same text for the same plain data, as `written` gives it: the order of keys is none."""
    return flow(_ordered(value))


def _at_default(member: Field, value: Any) -> bool:
    if member.required or value is None or member.default is None:
        return value is None
    default = member.kind.value(member.default)
    return canonical(written(member.kind, value)) == canonical(written(member.kind, default))


def _short(value: Any) -> Any:
    """Tuples as lists, and whole numbers without a point: 1 and 1.0 are one number."""
    if isinstance(value, list | tuple):
        return [_short(item) for item in value]
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value
