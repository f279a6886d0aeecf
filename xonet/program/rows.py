"""A program: rows (a kernel and its arguments) in phases, and how much memory they need.

Nothing is compiled here, and no memory is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from xonet.kernels import LANES, Kernel, f32_to_bits
from xonet.kernels.registers import Phase, Register
from xonet.program.alignment import rounded


class Ref(NamedTuple):
    """An argument that the loop works out: an offset in bytes from a register."""

    register: Register
    offset: int = 0

    def plus(self, values: int) -> Ref:
        """`values` float32 further on."""
        return Ref(self.register, self.offset + 4 * values)


Argument = int | float | Ref | np.ndarray
"""A number, a place, or a table that lives as long as the program."""


class Row(NamedTuple):
    """One call of a kernel."""

    kernel: Kernel
    arguments: tuple[tuple[int, int], ...]
    owner: Any = None
    """The operation whose layer added it; None for what belongs to the whole network."""
    in_place: tuple[int, int] | None = None
    """(an argument, another): the other's values may be written over the first's, where nobody needs those later."""


Parts = Sequence[Sequence[Row]]
"""Lists of rows that workers may run side by side, each in its order."""
WORTH_SHARING = 1 << 12
"""Vectors (sixteen pictures' values) that a part multiplies or writes at least: a microsecond or two of work."""
PARTS_OF_A_WORKER = 2
"""Into how many parts work is cut for each worker: one that is held up leaves some of them to the others."""


@dataclass
class Program:
    """Rows in phases, and the memory they refer to, counted in float32."""

    rows: list[Row] = field(default_factory=list)
    phases: list[tuple[Phase, int, int]] = field(default_factory=list)
    """Kind, first row and rows; where workers share, a phase of groups has first stage and stages instead."""
    activations: int = 0
    """For one group of pictures."""
    shared: int = 0
    scratch: int = 0
    """For one worker."""
    groups: int = 1
    """The most groups a step has."""
    workers: int = 1
    """How many workers share a group's rows; with one, it takes a group through a whole phase by itself."""
    stages: list[tuple[int, int]] = field(default_factory=list)
    """Where workers share: (first part, parts); a stage begins when the one before is done."""
    parts: list[tuple[int, int]] = field(default_factory=list)
    """Of the stages: (first row, rows), run by one worker in their order."""
    trains: bool = False
    """Whether gradients are added up."""
    macs: int = 0
    """Multiply-adds for one picture, about."""
    first_only: int = 0
    """How many phases, the first ones, are for a run's first step alone."""
    updates_from: int | None = None
    """How many phases, the first ones, every step has; those behind them are for steps that change parameters."""
    spare_gradients: int = 0
    """How many vectors as long as a gradient are needed behind those of the slots."""
    buffers: list[tuple[int, int]] = field(default_factory=list)
    """Start and size, in bytes, of every stretch of activations, as taken one behind the other."""
    shared_buffers: list[tuple[int, int]] = field(default_factory=list)
    """The same of what all groups share."""
    as_taken: list[Row] = field(default_factory=list)
    """The rows before values came to share places."""
    wide: bool = False
    """Whether dense layers take all groups of a step at once: weights are many, values few."""
    once: list[tuple[int, int]] = field(default_factory=list)
    """Stretches of the gradient, (first, end) in float32, that are written once a step instead of added up in slots."""
    tables: list[np.ndarray] = field(default_factory=list)
    owner: Any = None
    """Whose rows are being added."""

    @property
    def across(self) -> bool:
        """Whether groups wait for each other in the middle, so that each needs its own values."""
        return sum(kind is Phase.GROUPS for kind, _, _ in self.phases) > 1

    def add(self, kind: Phase, rows: Sequence[Row]) -> None:
        """Rows of one kind; they join the phase before, where that is of the same kind and keeps their order."""
        if not rows:
            return
        if kind is Phase.GROUPS and self.workers > 1:
            self.add_parts([rows])
            return
        if self.phases and self.phases[-1][0] is kind is not Phase.ROWS:
            _, first, count = self.phases[-1]
            self.phases[-1] = (kind, first, count + len(rows))
        else:
            self.phases.append((kind, len(self.rows), len(rows)))
        self.rows.extend(rows)

    def add_parts(self, parts: Sequence[Sequence[Row]]) -> None:
        """Rows for each group: lists that workers may run side by side, when all rows before are done."""
        if self.workers == 1:
            for rows in parts:
                self.add(Phase.GROUPS, rows)
            return
        if not self.phases or self.phases[-1][0] is not Phase.GROUPS:
            self.phases.append((Phase.GROUPS, len(self.stages), 0))
        kind, first, count = self.phases[-1]
        alone = len(parts) == 1
        if alone and count and self.stages[-1][1] == 1:
            begin, before = self.parts[-1]
            self.parts[-1] = (begin, before + len(parts[0]))
            self.rows.extend(parts[0])
            return
        self.stages.append((len(self.parts), len(parts)))
        self.phases[-1] = (kind, first, count + 1)
        for rows_of_part in parts:
            self.parts.append((len(self.rows), len(rows_of_part)))
            self.rows.extend(rows_of_part)

    def shares(self, count: int, work: int) -> list[range]:
        """`count` things cut for the workers that share a group: one range where it is not worth more.

        `work`: about how many vectors (sixteen pictures' values) all of them multiply or write. Cut what is written,
        never a sum: so that results do not depend on how many workers there are.
        """
        if self.workers == 1:
            return [range(count)]
        parts = max(1, min(count, PARTS_OF_A_WORKER * self.workers, work // WORTH_SHARING))
        ends = [count * n // parts for n in range(parts + 1)]
        return [range(first, end) for first, end in pairwise(ends)]

    def by_value(
        self, kernel: Kernel, places: Sequence[Ref], shares: Sequence[range], *more: Argument,
        in_place: tuple[int, int] | None = None,
    ) -> Parts:  # fmt: skip
        """Rows of a kernel that treats values of some places alike, cut: kernel(places ..., count, more ...)."""
        return [
            [
                self.row(kernel, (*(place.plus(LANES * part.start) for place in places), len(part), *more))._replace(
                    in_place=in_place
                )
            ]
            for part in shares
        ]

    def together(self, *kinds: Parts) -> Parts:
        """Parts of several kinds of work that need nothing of each other, so that each worker begins with some of all.

        Workers begin with parts that lie beside each other in this list (`xonet.kernels.loop.neighbouring`).
        """
        kinds = tuple(kind for kind in kinds if kind)
        return [
            rows
            for worker in range(self.workers)
            for kind in kinds
            for rows in kind[len(kind) * worker // self.workers : len(kind) * (worker + 1) // self.workers]
        ]

    def moments(self) -> list[int]:
        """For each row when it runs: rows of one number may run side by side."""
        moments = list(range(len(self.rows)))
        for kind, first, count in self.phases:
            if kind is Phase.ROWS:
                moments[first : first + count] = [first] * count
        for first, count in self.stages:
            if count > 1:
                begin, (last, rows) = self.parts[first][0], self.parts[first + count - 1]
                moments[begin : last + rows] = [begin] * (last + rows - begin)
        return moments

    def row(self, kernel: Kernel, arguments: Sequence[Argument]) -> Row:
        """A row, its arguments written as the loop reads them."""
        if len(arguments) != kernel.arity:
            raise TypeError(f"{kernel.name} takes {kernel.arity} arguments, not {len(arguments)}")
        written = []
        for argument in arguments:
            if isinstance(argument, Ref):
                written.append((int(argument.register), argument.offset))
            elif isinstance(argument, np.ndarray):
                self.tables.append(argument)
                written.append((0, argument.ctypes.data))
            else:
                written.append((0, f32_to_bits(argument) if isinstance(argument, float) else int(argument)))
        return Row(kernel, tuple(written), self.owner)

    def take_activations(self, values: int) -> Ref:
        """Room for `values` values of each of a group's sixteen pictures."""
        start = 4 * self.activations
        self.activations += values * LANES
        self.buffers.append((start, 4 * values * LANES))
        return Ref(Register.ACTIVATIONS, start)

    def take_shared(self, count: int) -> Ref:
        """Room for `count` numbers that all groups of a step share."""
        start = 4 * self.shared
        self.shared += rounded(count)
        self.shared_buffers.append((start, 4 * count))
        return Ref(Register.SHARED, start)

    def take_scratch(self, count: int) -> Ref:
        """Room for `count` numbers for the time of one row."""
        self.scratch = max(self.scratch, rounded(count))
        return Ref(Register.SCRATCH)
