"""What is known of memory while a program runs interpreted: who wrote what, for which value, and who may read it.

Four rules, by each of which some way to break a program is found at the access that does:

- an argument reaches as far as the value, parameter or workspace that it was given for;
- what is read has been written;
- where values share a place, what is read there is the value that it is read as: nothing was written over too early,
  and nothing lies on what is still needed (`Row.in_place`, `engine.memory`);
- what may run side by side (rows of a phase, parts of a stage, slots) does not touch what another of them writes.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from enum import Enum, auto
from typing import NamedTuple

import numpy as np

from xonet.interpreter.memory import FLOAT, Array, Origin, Selection
from xonet.kernels.registers import Register
from xonet.program.layout import Layout
from xonet.program.rows import Program, Row

NOBODY = -1


class Fresh(Enum):
    """When nothing of what was written counts any more."""

    NEVER = auto()
    EACH_SECTION = auto()
    EACH_TASK = auto()
    """Each task has the array by itself."""


class Known:
    """Of each float32 of an array: which task wrote it last, which read it last, and which value it belongs to."""

    def __init__(self, array: Array, written: bool, fresh: Fresh) -> None:
        count = -(-len(array.bytes) // FLOAT)
        self.writers = np.full(count, 0 if written else NOBODY, np.int64)
        self.readers = np.full(count, NOBODY, np.int64)
        self.values = np.zeros(count, np.int32)
        """0 where it is none's."""
        self.fresh = fresh


class Moment(NamedTuple):
    """When a row runs."""

    section: Hashable
    """Tasks of one section may run side by side."""
    task: Hashable
    group: int = 0
    """Where a task does several groups, what it has by itself is for one of them."""


class Ledger:
    """A `Witness`: told what rows are called, and all that they touch."""

    def __init__(self, program: Program, layout: Layout, arrays: Mapping[Register, Array | None]) -> None:
        self.layout, self.arrays = layout, arrays
        self._stretches = {
            Register.ACTIVATIONS: program.buffers,
            Register.SHARED: program.shared_buffers,
            Register.PARAMETERS: sorted((4 * p.offset, 4 * (p.end - p.offset)) for p in layout.places.values()),
        }
        self._stretches[Register.GRADIENTS] = self._stretches[Register.PARAMETERS]
        self._starts = {register: [start for start, _ in found] for register, found in self._stretches.items()}
        self._moment: Moment | None = None
        self._section = self._task = self._last = 0
        """Numbers that only grow: of this section, of this task, and the largest so far."""
        self._tasks: dict[Hashable, int] = {}
        self.stride = 0
        """Where the row that runs does so for all groups at once: bytes from one's values to the next's."""

    def row(self, address: int) -> tuple[Row, Moment] | None:
        """Which row's arguments lie at an address, as values were taken; and when it runs."""
        raise NotImplementedError

    def arguments(self, address: int) -> list[Origin | None] | None:
        """See `Witness`; a row begins."""
        called = self.row(address)
        if called is None:
            return None
        row, moment = called
        self._begin(moment)
        values = (ctypes.c_int64 * len(row.arguments)).from_address(address)
        return [
            self._origin(row, Register(register), offset, value)
            for (register, offset), value in zip(row.arguments, values, strict=True)
        ]

    def _begin(self, moment: Moment) -> None:
        new_section = self._moment is None or moment.section != self._moment.section
        if new_section:
            self._section = self._last = self._last + 1
            self._tasks = {}
        if moment.task not in self._tasks:
            self._last += 1
            self._tasks[moment.task] = self._last
        if moment != self._moment:
            for array in self.arrays.values():
                if array and (
                    array.known.fresh is Fresh.EACH_TASK or (new_section and array.known.fresh is Fresh.EACH_SECTION)
                ):
                    array.known.writers[...] = array.known.readers[...] = NOBODY
        self._task, self._moment = self._tasks[moment.task], moment

    def _origin(self, row: Row, register: Register, offset: int, address: int) -> Origin | None:
        array = self.arrays.get(register)
        if array is None:
            return None
        if register not in self._stretches or (row.owner is None and register in _PARAMETERS):
            return Origin("", array, array.start, array.end)
        number = bisect_right(self._starts[register], offset) - 1
        start, size = self._stretches[register][number]
        low = address - (offset - start)
        if register is not Register.ACTIVATIONS:
            return Origin("", array, low, low + size)
        return Origin("", array, low, low + size, number + 1, self.stride)

    def touched(self, origin: Origin, selection: Selection, writes: bool) -> str | None:
        """See `Witness`."""
        known: Known = origin.array.known
        wrong = self._wrong_write(known, selection) if writes else self._wrong_read(known, selection, origin.value)
        if wrong is not None:
            said, where = wrong
            return self._said(said, origin, selection, where)
        if writes:
            known.writers[selection], known.values[selection] = self._task, origin.value
        elif set((readers := known.readers[selection]).tolist()) != {self._task}:
            known.readers[selection] = np.where(self._others(readers), self._section, self._task)
        return None

    def _wrong_read(self, known: Known, selection: Selection, value: int) -> tuple[str, np.ndarray] | None:
        writers = known.writers[selection]
        if (found := set(writers.tolist())) != {self._task}:
            if NOBODY in found:
                return "reads {}, which nobody has written", writers == NOBODY
            if self._beside(known, found):
                return "reads {}, which another part of the same stage writes", self._others(writers)
        if value and not set(known.values[selection].tolist()) <= {value, 0}:
            values = known.values[selection]
            return "reads {}, where another value lies by now", (values != value) & (values != 0)
        return None

    def _wrong_write(self, known: Known, selection: Selection) -> tuple[str, np.ndarray] | None:
        for tasks in (known.writers[selection], known.readers[selection]):
            if self._beside(known, set(tasks.tolist())):
                return "writes to {}, which another part of the same stage touches", self._others(tasks)
        return None

    def _beside(self, known: Known, tasks: set[int]) -> bool:
        """Whether others are among tasks that may run while this one does."""
        return known.fresh is not Fresh.EACH_TASK and any(t >= self._section and t != self._task for t in tasks)

    def _others(self, tasks: np.ndarray) -> np.ndarray:
        return (tasks >= self._section) & (tasks != self._task)

    def _said(self, what: str, origin: Origin, selection: Selection, wrong: np.ndarray) -> str:
        number = int(np.flatnonzero(wrong)[0])
        place = selection.start + number if isinstance(selection, slice) else int(selection[number])
        byte = FLOAT * place + origin.array.start - origin.low
        owner = f" of `{origin.name}` ({origin.array.name})"
        return what.format(f"byte {byte}{owner}")


_PARAMETERS = {Register.PARAMETERS, Register.GRADIENTS}


class StageLedger(Ledger):
    """Of rows in stages, as one picture has them: those of a stage may run side by side."""

    def __init__(
        self,
        program: Program,
        layout: Layout,
        arrays: Mapping[Register, Array | None],
        stages: Sequence[Sequence[Row]],
        arguments: Sequence[np.ndarray],
    ) -> None:
        super().__init__(program, layout, arrays)
        rows = [(row, Moment(number, place)) for number, stage in enumerate(stages) for place, row in enumerate(stage)]
        self._rows = {own.ctypes.data: called for own, called in zip(arguments, rows, strict=True)}

    def row(self, address: int) -> tuple[Row, Moment] | None:
        """See `Ledger`."""
        return self._rows.get(address)
