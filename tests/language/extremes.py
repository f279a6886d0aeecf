"""Files whose every number is, one after another, as extreme as a person or a program may write it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from typing import Any

from xonet.language.families import Family, OneOf
from xonet.language.fields import Nested, Record
from xonet.language.kinds import Either, Interval, Kind, Number, Numbers, Pair
from xonet.layers._window import Padding
from xonet.network.document import Training
from xonet.network.interface import Input
from xonet.network.language_page import sample
from xonet.network.schema import FAMILIES

HUGE = [2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, 10**30, 10**400]
WHOLE = [-(2**63) - 1, -1, 0, 1, 2, *HUGE]
REAL = [
    -1e39,
    -3.4e38,
    -1.0,
    -0.0,
    0.0,
    5e-324,
    1e-46,
    1e-38,
    1e-37,
    0.99999999999,
    1.0,
    1e30,
    3e38,
    1e39,
    1e308,
    *HUGE,
]

BASE: dict[str, Any] = {
    "xonet": 1,
    "input": {"height": 4, "width": 4},
    "layers": [{"dense": {"units": 2}}],
    "output": {"classes": ["X", "O"]},
    "data": {"train": {"xo": {"count": 6}}},
    "training": {"loss": "cross_entropy", "optimizer": {"sgd": {"learning_rate": 0.1}}, "epochs": 1, "batch_size": 4},
}


def values(kind: Kind) -> list[Any]:
    """Extreme values of a knob's kind; none where it holds no number."""
    if isinstance(kind, Number):
        return WHOLE if kind.type == "integer" else REAL
    if isinstance(kind, Interval):
        ends = values(kind.kind)
        return [[low, high] for low, high in pairwise(ends)] + [[end, end] for end in ends]
    if isinstance(kind, Pair):
        return [*values(kind.other), *([1, end] for end in values(kind.other))]
    if isinstance(kind, Either):
        return values(kind.other)
    if isinstance(kind, Padding):
        return [*WHOLE, *([[0, end], [end, 1]] for end in WHOLE)]
    if isinstance(kind, Numbers):
        return REAL
    return []


def within(record: type[Record]) -> Iterator[tuple[list[str], Any]]:
    """The way to each number in a record's mapping, with a value for it."""
    for name, member in record.fields.items():
        if isinstance(member.kind, Nested):
            yield from (([name, *way], value) for way, value in within(member.kind.record))
        elif isinstance(member.kind, OneOf) and member.kind.family.noun == "initializer":
            yield from (([name, *way], value) for way, value in members(member.kind.family))
        else:
            yield from (([name], value) for value in values(member.kind))


def members(family: Family[Any]) -> Iterator[tuple[list[str], Any]]:
    """The way to each number in each member of a family."""
    for word, record in family.members.items():
        if record.only_field:
            yield from (([word], value) for value in values(record.fields[record.only_field].kind))
        else:
            yield from (([word, *way], value) for way, value in within(record))


def put(plain: Any, way: list[str], value: Any) -> None:
    """Write a value into plain data, with the mappings around it."""
    for step in way[:-1]:
        if not isinstance(plain.get(step), dict):
            plain[step] = {}
        plain = plain[step]
    plain[way[-1]] = value


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every number of the language at each extreme, in a small file that is sound without it."""
    places: list[tuple[str, list[str], Any]] = []
    for way, value in within(Input):
        places.append(("", ["input", *way], value))
    for way, value in within(Training):
        places.append(("", ["training", *way], value))
    for section in ("parameters", "macs", "loss"):
        places += [("", ["expect", section, "max"], value) for value in REAL]
    for family in FAMILIES:
        for way, value in members(family):
            places.append((family.noun, way, value))
    for noun, way, value in places:
        if noun == "initializer":
            continue  # through `init` of dense
        document = deepcopy(BASE)
        inside = {way[0]: None} if not noun else as_mapping(noun, way[0])
        if not noun:
            put(document, way, value)
        else:
            put(inside, way, value)
            place(document, noun, inside)
        yield f"{noun} {'.'.join(way)} = {str(value)[:60]}", document


def as_mapping(noun: str, word: str) -> dict[str, Any]:
    family = next(family for family in FAMILIES if family.noun == noun)
    plain = sample(family, word)
    return {plain: {}} if isinstance(plain, str) else deepcopy(plain)


def place(document: dict[str, Any], noun: str, member: dict[str, Any]) -> None:
    """Put a member where its family stands."""
    if noun == "layer":
        document["layers"].insert(0, member)
    elif noun == "augmentation":
        document["data"]["augment"] = [member]
    elif noun == "source":
        document["data"]["validation" if "share" in member else "train"] = member
        if "xo" in member:
            member["xo"].setdefault("count", 6)
            if member["xo"]["count"] == 2000:
                member["xo"]["count"] = 6
    else:
        document["training"][noun] = member
