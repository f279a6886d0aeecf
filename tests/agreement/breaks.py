"""Ways to break a case on purpose: its document, its text, and its files."""

from __future__ import annotations

import contextlib
import math
import unicodedata
from collections.abc import Iterator
from typing import Any

from tests.agreement.draw import Case
from tests.agreement.files import FILES
from tests.fuzz.mutate import Mutator
from xonet.data import SOURCES
from xonet.data.augment import AUGMENTATIONS
from xonet.initializers import INITIALIZERS
from xonet.language.kinds import Interval, Number
from xonet.language.scalars import flow
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.schedules import SCHEDULES

FAMILIES = (SOURCES, AUGMENTATIONS, INITIALIZERS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES)

NUMBERS = (
    0, 1, -1, 2, 0.5, 2.0, -0.0, 2**33, 2**48, 2**62, 2**63 - 1, 2**63, -(2**63), 10**20, 1e-46, 1e-39, 1.2e-38, 1e-37,
    1e-7, 3.3e38, 3.5e38, 1e39, -1e39, 1e308, math.inf, -math.inf, math.nan, 0.9999999, 1e20,
)  # fmt: skip
"""Numbers at bounds and beyond; none of a size that one machine's memory holds and another's does not."""
STRANGE = (
    None, True, False, "", "X", "é", "none", "../..", "/dev/zero", "nothing/here.png", "a\0b", "x" * 300, [], {}, [[]],
    [1, 2, 3], {"a": 1}, "same", "relu", {"share": 0.5}, {"xo": {"count": 4}}, "data1", "1",
)  # fmt: skip
SHARES = (1e-37, 1.2e-38, 1e-20, 5e-20, 6e-20, 1e-9, 0.01, 0.5, 0.9, 0.99, 0.9999999, 0.99999994, 1, 0)


def break_document(case: Case) -> bool:
    """One place of the document says something else."""
    places = [*_places(case.document)]
    if not places:
        return False
    holder, key = case.one(places)
    kind = int(case.rng.integers(6))
    value = holder[key]
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder[case.one(("strange", f"{key}s", str(key).upper(), "size"))] = holder.pop(key)
    elif kind == 2:
        holder[key] = case.one(STRANGE)
    elif kind == 3 and isinstance(value, list):
        holder[key] = case.one(([*value, *value], value[:1], value[:-1], [value]))
    elif isinstance(value, int | float | list) or kind > 3:
        holder[key] = case.one(NUMBERS)
    else:
        holder[key] = [value, value]
    return True


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every value of plain data, as what holds it and its key."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield node, key
        yield from _places(value)


def break_number(case: Case) -> bool:
    """A number of the document is at a bound, or beyond it."""
    numbers = [place for place in _places(case.document) if isinstance(place[0][place[1]], int | float)]
    if not numbers:
        return False
    holder, key = case.one(numbers)
    kind = int if isinstance(holder[key], int) and case.chance(0.8) else (int, float)
    holder[key] = case.one([number for number in NUMBERS if isinstance(number, kind)])
    return True


def break_bound(case: Case) -> bool:
    """A knob of a layer, source, optimizer, … is at one of its bounds: that is sound, unless a rule forbids it."""
    found = [
        (knobs, name, field.kind)
        for holder, word in _places(case.document)
        if isinstance(holder, dict) and isinstance(knobs := holder[word], dict)
        for family in FAMILIES
        if word in family.members
        for name, field in family.members[word].fields.items()
        if isinstance(field.kind, Number | Interval)
    ]
    if not found:
        return False
    knobs, name, kind = case.one(found)
    number = kind if isinstance(kind, Number) else kind.kind
    ends = number.bounds["minimum"], number.bounds["maximum"]
    knobs[name] = case.one(ends) if kind is number else [min(both := (case.one(ends), case.one(ends))), max(both)]
    return True


def break_share(case: Case) -> bool:
    """A share of an extreme size."""
    data = case.document.get("data")
    if not isinstance(data, dict):
        return False
    data[case.one(("validation", "test", "validation", "test", "train", "pictures"))] = {"share": case.one(SHARES)}
    return True


def break_classes(case: Case) -> bool:
    """Other classes than the data has."""
    output = case.document.get("output")
    if not isinstance(output, dict) or not isinstance(output.get("classes"), list):
        return False
    classes = output["classes"]
    output["classes"] = case.one((
        classes[1:], [*classes, "more"], classes[::-1], [unicodedata.normalize("NFD", str(name)) for name in classes],
        [str(name).lower() for name in classes], [*classes[:-1], classes[0]], ["é", "e\u0301"], ["X", "O"],
    ))  # fmt: skip
    return True


def break_sections(case: Case) -> bool:
    """A section is missing, or is that of another task."""
    document = case.document
    change = int(case.rng.integers(5))
    if change == 0 and document:
        document.pop(case.one([*document]))
    elif change < 2:
        document["output"] = {"values": 2}
    elif change == 2:
        document["input"] = {"features": 9}
    elif change == 3:
        document["data"] = {"pictures": {"images": {"folder": "data1"}}}
    else:
        document["expect"] = {"accuracy": {"min": 0.5}, "parameters": {"max": 0}}
    return True


DOCUMENT = (
    break_document,
    break_document,
    break_number,
    break_bound,
    break_bound,
    break_bound,
    break_share,
    break_classes,
    break_sections,
)


def break_some(case: Case) -> None:
    """Break a case in one way or a few."""
    for _ in range(case.one((1, 1, 1, 2, 3))):
        changes = DOCUMENT if case.chance(0.5) else FILES
        for change in [changes[at] for at in case.rng.permutation(len(changes))]:
            with contextlib.suppress(OSError):  # what is broken already cannot be broken in each way
                if change(case):
                    case.broken.append(change.__name__)
                    break


def text_of(case: Case) -> bytes:
    """The network file; broken as a text, too, where the case says so."""
    text = "".join(f"{key}: {flow(value)}\n" for key, value in case.document.items())
    return text.replace("\0", "\\0").encode("utf-8", "surrogatepass")


def options_of(case: Case) -> list[str]:
    """Arguments that both commands take: where paths begin, and a value in place of the file's."""
    options = ["--data-root", case.one((".", str(case.folder), "data1"))] if case.chance(0.1) else []
    if case.chance(0.15):
        value = case.one((1, 2, "X", *NUMBERS, *STRANGE[:12]))
        path = case.one(("training.epochs", "training.seed", "layers.0", "input.height", "data.train", "name", "no.no"))
        options += ["--set", f"{path}={flow(value)}".replace("\0", "\\0")]
    return options


def break_text(case: Case, raw: bytes) -> bytes:
    """Other bytes in the network file."""
    seed = int(case.rng.integers(2**32))
    change = int(case.rng.integers(6))
    case.broken.append("break_text")
    if change > 1:
        return Mutator(seed, [raw]).token(raw)
    return [raw.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + raw][change]
