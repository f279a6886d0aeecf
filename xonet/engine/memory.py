"""Which values of a program share a place: two whose lives do not overlap may lie on one another."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from xonet.kernels.registers import Register
from xonet.program.layout import Layout
from xonet.program.rows import Program, Row

FLOAT = 4
"""Bytes of a value."""
SLOTS = 8
"""How many gradients are added up side by side: fixed, so that results are."""


@dataclass
class Life:
    """A stretch of a group's values, and the first and the last row that touch it."""

    start: int
    """Where it would lie if nothing were shared, in bytes."""
    size: int
    first: int = -1
    last: int = -1
    place: int = 0
    """Where it does lie."""
    under: Life | None = None
    """What it is written over: it lies where that does."""


def share_places(program: Program) -> None:
    """Give a program's activations their final places: as few bytes as a greedy packing finds, largest first."""
    lives = [Life(start, size) for start, size in program.buffers]
    starts = [life.start for life in lives]
    moments = program.moments()
    for number, row in zip(moments, program.rows, strict=True):
        for register, offset in row.arguments:
            if register == Register.ACTIVATIONS:
                life = lives[bisect_right(starts, offset) - 1]
                life.first = number if life.first < 0 else life.first
                life.last = number
    for number, row in zip(moments, program.rows, strict=True):
        if row.in_place:
            source, target = (lives[bisect_right(starts, row.arguments[place][1]) - 1] for place in row.in_place)
            _join(source, target, number)
    alone = [life for life in lives if life.first >= 0 and life.under is None]
    placed = np.zeros((4, 0), np.int64)
    for life in sorted(alone, key=lambda life: -life.size):
        placed = _placed(life, placed)
    program.activations = int(placed[1].max(initial=0)) // FLOAT
    program.as_taken, program.rows = program.rows, [_moved(row, lives, starts) for row in program.rows]


def _placed(life: Life, placed: np.ndarray) -> np.ndarray:
    """Lay a life into the first gap between those that are alive at any of its rows; gives all that lie, by place.

    They are columns of (place, end, first row, last row): whole vectors at a time, as deep networks have thousands.
    """
    begins, ends, first, last = placed
    beside = (first <= life.last) & (life.first <= last)
    reached = np.maximum.accumulate(np.concatenate([[0], ends[beside]]))
    fits = np.flatnonzero(reached[:-1] + life.size <= begins[beside])
    life.place = int(reached[fits[0]] if fits.size else reached[-1])
    column = [life.place, life.place + life.size, life.first, life.last]
    return np.insert(placed, np.searchsorted(begins, life.place), column, axis=1)


def _join(source: Life, target: Life, number: int) -> None:
    """Lay what row `number` writes over what it is the last to read."""
    if source.size == target.size and target.first == number and source is not target:
        below = source
        while below.under is not None:
            below = below.under
        if below.last == number:
            target.under, below.last = below, target.last


def _moved(row: Row, lives: list[Life], starts: list[int]) -> Row:
    arguments = []
    for register, offset in row.arguments:
        if register == Register.ACTIVATIONS:
            life = lives[bisect_right(starts, offset) - 1]
            offset += (life.under or life).place - life.start
        arguments.append((register, offset))
    return row._replace(arguments=tuple(arguments))


def slots_of(program: Program) -> int:
    """In how many parts the groups of a batch are dealt; in training, how many gradients are added up side by side."""
    return min(SLOTS, program.groups) if program.trains else program.groups


def workers_of(groups: int, trains: bool, threads: int) -> int:
    """How many workers share a group where so many are at hand: one, where each has groups of its own, evenly."""
    slots = min(SLOTS, groups) if trains else groups
    rounds = -(-slots // threads)
    if threads > slots or (slots < 2 * threads and rounds * threads > slots):
        return max(2, -(-threads // slots))
    return 1


def places_of(program: Program, threads: int) -> int:
    """How many groups' values there are at a time."""
    if program.across:
        return program.groups
    return slots_of(program) if program.workers > 1 else threads


def footprint(program: Program, places: Layout, threads: int, states: int) -> dict[str, int]:
    """Bytes that running a program takes, by what they are for; `states` counts the optimizer's vectors."""
    return {
        "parameters": FLOAT * places.total,
        "optimizer": FLOAT * states * places.trained,
        "gradients": FLOAT * (slots_of(program) + program.spare_gradients) * places.trained if program.trains else 0,
        "values": FLOAT * program.activations * places_of(program, threads),
        "shared": FLOAT * program.shared,
        "scratch": FLOAT * program.scratch * threads,
        "tables": sum(table.nbytes for table in program.tables),
    }
