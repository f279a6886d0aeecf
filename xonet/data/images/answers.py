"""What stands beside a path in a list of pictures: a class, labels that hold, or values."""

from __future__ import annotations

import math

from xonet.data import DataError, Wanted
from xonet.data.images.listing import near
from xonet.language.limits import REAL
from xonet.language.words import same_name

BETWEEN = "|"
"""What stands between labels that hold together."""


def columns_of(wanted: Wanted) -> list[str]:
    """What a line holds."""
    if wanted.values:
        names = wanted.values
        return ["path", *([f"value {n + 1}" for n in range(names)] if isinstance(names, int) else names)]
    if wanted.labels:
        return ["path", f"label{BETWEEN}label"]
    return ["path", "label"] if wanted.classes else ["path"]


def asked(wanted: Wanted) -> str:
    """The same in words, behind `a picture`."""
    return " and values" if wanted.values else " and labels" if wanted.labels else " and a class" * bool(wanted.classes)


def is_header(row: list[str], wanted: Wanted) -> bool:
    """Whether the first line of a list names its columns."""
    lower = [cell.lower() for cell in row]
    if wanted.values:
        return lower[0] == "path" and not any(_number(cell) is not None for cell in row[1:])
    return lower in (["path", "label"], ["path"]) or (bool(wanted.labels) and lower == ["path", "labels"])


def expect_names(row: list[str], wanted: Wanted, place: str) -> None:
    """Nothing, where a header names the values that the output does, in whatever order.

    Raises:
        DataError: where it names others.
    """
    columns = columns_of(wanted)
    if len(row) != len(columns) or (
        isinstance(wanted.values, tuple) and sorted(map(same_name, row[1:])) != sorted(map(same_name, wanted.values))
    ):
        if wanted.values and row[1:]:
            raise DataError(
                f"{place}: expected the columns {','.join(columns)}, found {','.join(row)}",
                knob="list",
                help="name the columns as output.values does, and no others",
            )


def may_be_alone(row: list[str], wanted: Wanted) -> bool:
    """Whether a path alone will do: labels and values are not asked for where a network is only run forward."""
    return len(row) == 1 and bool(wanted.labels or wanted.values) and not wanted.asks_for_labels()


def answer(cells: list[str], columns: list[str], place: str, wanted: Wanted) -> int | tuple[float, ...]:
    """What the cells behind a path say: a class's index, or a number for each label or value of the output.

    Raises:
        DataError: for a label that is none of the output's, and a value that is no number.
    """
    if wanted.values:
        found = {same_name(name): _value(cell, name, place) for name, cell in zip(columns, cells, strict=True)}
        order = wanted.values if isinstance(wanted.values, tuple) else columns
        return tuple(found[same_name(name)] for name in order)
    if wanted.labels:
        hold = {_known(label.strip(), place, wanted) for label in cells[0].split(BETWEEN) if label.strip()}
        return tuple(float(same_name(name) in hold) for name in wanted.labels)
    index = wanted.place(cells[0])
    if index is None:
        raise _unknown(cells[0], place, wanted, "classes", wanted.classes)
    return index


def _known(label: str, place: str, wanted: Wanted) -> str:
    if same_name(label) not in map(same_name, wanted.labels):
        raise _unknown(label, place, wanted, "labels", wanted.labels)
    return same_name(label)


def _unknown(label: str, place: str, wanted: Wanted, what: str, names: tuple[str, ...]) -> DataError:
    return DataError(
        f"{place}: expected one of the {what} {', '.join(names)}, found {label!r}",
        code="unknown-label",
        knob="list",
        help=f"{near(label, wanted)}write one of the {what}, or add it to output.{what}",
    )


def _value(cell: str, name: str, place: str) -> float:
    found = _number(cell)
    if found is None or not abs(found) <= REAL:
        raise DataError(
            f"{place}: expected a number for {name}, found {cell!r}",
            knob="list",
            help="write a number such as 0.5, with a point and without a unit; leave out pictures of unknown values",
        )
    return found


def _number(cell: str) -> float | None:
    """The number that a cell holds, if it does."""
    try:
        found = float(cell) if "_" not in cell else math.nan
    except ValueError:
        return None
    return None if math.isnan(found) else found
