"""Runs a program on one picture at a time, with as little around it as there can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from xonet.engine.assistants import POOL, requests
from xonet.engine.plan import Plan
from xonet.engine.runner import default_threads
from xonet.engine.single import SingleBuilder
from xonet.kernels import Kernel, cpython, single
from xonet.kernels.loading import entry, library
from xonet.kernels.registers import Register
from xonet.kernels.single import Place
from xonet.kernels.tables import StageRow, table
from xonet.program.alignment import aligned, workspace
from xonet.program.rows import Row

empty, FLOAT = np.empty, np.dtype(np.float32)


class SingleRunner:
    """A network on one picture at a time; several threads may call it, one after the other.

    Args:
        plan: What to run.
        raw: Whether pictures are bytes; otherwise they are float32.
        threads: How many threads at most, of which no more than two help; results do not depend on it.
        announce: Told how many kernels have to be compiled, before that begins.

    Raises:
        xonet.layers._single.NoSinglePicture: where the network runs in groups only.
    """

    def __init__(
        self, plan: Plan, raw: bool, threads: int | None = None, announce: Callable[[int], None] | None = None
    ) -> None:
        builder = SingleBuilder(plan, raw)
        self._program = program = builder.build()
        self.stages = builder.stages
        most = max(map(len, self.stages))
        self._large = most > 1
        self._parameters, self._turn = plan.memory, plan.turn
        self._seen = 0
        self.amid = self._packed = False
        self._own = aligned(len(plan.memory.array))
        """The parameters that rows read: a copy, so that others may write to theirs meanwhile."""
        copy = builder.program.row(single.respace, (plan.memory.array, 0, self._own, 0, 1, len(self._own)))
        self._wanted = np.zeros((1, *builder.input.shape), np.uint8 if raw else np.float32)
        values, shared, scratch = map(workspace, (program.activations, program.shared, program.scratch))
        first, size = program.buffers[0]
        values[first // FLOAT.itemsize : (first + size) // FLOAT.itemsize] = 0  # the zeros around the picture
        self._memory = {
            Register.ACTIVATIONS: values,
            Register.PARAMETERS: self._own,
            Register.SHARED: shared,
            Register.SCRATCH: scratch,
        }
        quick = cpython.known() and self._native
        short = single.lead if self._large else single.alone
        self.prepared = prepared = [copy, *builder.prepare_rows]
        used = [row.kernel for row in (*prepared, *chain(*self.stages))]
        addresses = self._addresses([*used, single.walk, *([short, single.assist] if quick else [])], announce)
        self._rows = Table.of(self.stages, addresses, self._memory)
        self._prepared = Table.of([[row] for row in prepared], addresses, self._memory)
        # a small one is packed before any other Python code runs: `_one_alone` has no lock
        self._walk = self._entry(addresses[single.walk], alone=not self._large)
        # looked up once: at a microsecond a picture, a name costs what ten multiplications of sixteens cost
        self._shape = (1, plan.outputs)
        self._help = min(threads or default_threads(), most) - 1 if quick else 0
        self._control = aligned(Place.SIZE, np.int64)
        self._run: Callable[[Any, np.ndarray], np.ndarray | None] = self._plain
        if quick:
            self._share(addresses[single.assist])
            self._run = cpython.method(addresses[short], self._control)

    _native = True
    """Whether kernels are compiled."""

    def _addresses(self, kernels: Iterable[Kernel], announce: Callable[[int], None] | None) -> Mapping[Kernel, int]:
        """Where kernels lie that can be run."""
        return library().addresses(kernels, announce)

    def _entry(self, address: int, alone: bool) -> Callable[[int], None]:
        """One of them, as a function of the address of its arguments."""
        return entry(address, alone=alone)

    def _share(self, assist: int) -> None:
        """Fill the block of numbers that threads share."""
        made, tickets = requests(self._control, assist, self._help), aligned(8 * (self._help + 1), np.int64)
        self._alive = made, tickets
        arguments = self._rows.arguments
        places = {
            Place.ROWS: self._rows.rows.ctypes.data,
            Place.COUNT: len(self._rows.rows),
            Place.WANTED: id(self._wanted),
            Place.PICTURE: arguments[0][0:].ctypes.data,
            Place.SCORES: arguments[-1][2:].ctypes.data,
            Place.NONE: id(None),
            Place.ASSISTANTS: POOL.mailboxes.ctypes.data,
            Place.TICKETS: tickets.ctypes.data,
            Place.REQUESTS: made.ctypes.data,
            Place.HELP: self._help,
        }
        for place, value in places.items():
            self._control[place] = value

    def _plain(self, picture: Any, scores: np.ndarray) -> np.ndarray | None:
        """What `single.alone` does, for a Python whose objects it does not know; nobody helps."""
        wanted = self._wanted
        if type(picture) is not np.ndarray or picture.dtype != wanted.dtype or picture.shape != wanted.shape:
            return None
        if not (picture.flags.c_contiguous and picture.flags.aligned):
            return None
        arguments = self._rows.arguments
        arguments[0][0], arguments[-1][2] = picture.ctypes.data, scores.ctypes.data
        self._walk(self._rows.call.ctypes.data)
        return scores

    @property
    def one(self) -> Callable[[Any], np.ndarray | None]:
        """What gives the (1, outputs) scores of an array that holds one picture, and None for any other object."""
        return self._one_in_turn if self._large else self._one_alone

    def few(self, pictures: np.ndarray) -> np.ndarray:
        """(n, ...) pictures to (n, outputs) scores, one after the other."""
        own, scores = np.empty_like(self._wanted), np.empty((len(pictures), self._shape[1]), FLOAT)
        for n, picture in enumerate(pictures):
            own[0] = picture
            scores[n] = self.one(own)
        return scores

    def _one_alone(self, picture: Any) -> np.ndarray | None:
        if self._parameters.version != self._seen:
            self._refresh()
        return self._run(picture, empty(self._shape, FLOAT))

    def _one_in_turn(self, picture: Any) -> np.ndarray | None:
        """The same where other Python code may run meanwhile."""
        return self._turn.take(self._one_helped, picture)

    def _one_helped(self, picture: Any) -> np.ndarray | None:
        if self.amid:  # a signal handler, amid a call: the engine has a spare one
            return None
        self.amid = True
        try:
            self._control[Place.ASSISTANT_COUNT] = POOL.ensure(self._help)
            return self._one_alone(picture)
        finally:
            self.amid = False

    def _refresh(self) -> None:
        """Pack the weights anew, if any parameter is another than when they were packed."""
        self._turn.take(self._pack)

    def _pack(self) -> None:
        seen, now = self._parameters.look(), self._parameters.array
        if not self._packed or not np.array_equal(self._own.view(np.int32), now.view(np.int32)):
            self._packed = False  # a fork, or Ctrl-C, may come before it is done
            self._walk(self._prepared.call.ctypes.data)
            self._packed = True
        # not before: another thread takes this to mean that all is packed
        self._seen = seen


class Table(NamedTuple):
    """Rows as `walk` and `share` read them."""

    rows: np.ndarray
    arguments: list[np.ndarray]
    """Of each row, all worked out."""
    call: np.ndarray
    """The arguments of `walk`."""

    @classmethod
    def of(
        cls, stages: Sequence[Sequence[Row]], addresses: Mapping[Kernel, int], memory: Mapping[Register, np.ndarray]
    ) -> Table:
        """Rows in stages; what is in no memory is counted from 0."""
        places = {int(register): array.ctypes.data for register, array in memory.items()}
        entries, arguments = [], []
        for stage in stages:
            for row in stage:
                own = np.array([places.get(register, 0) + offset for register, offset in row.arguments], np.int64)
                entries.append(StageRow(addresses[row.kernel], own.ctypes.data, len(stage)))
                arguments.append(own)
        rows = table(StageRow, entries)
        return cls(rows, arguments, np.array((rows.ctypes.data, len(rows)), np.int64))
