"""Runs a program on one picture at a time, with as little around it as there can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from xonet.engine.assistants import ASSISTANTS, offers
from xonet.engine.plan import Plan
from xonet.engine.runner import default_threads
from xonet.engine.single import SingleBuilder
from xonet.kernels import Kernel, single
from xonet.kernels.loading import entry, library, method
from xonet.kernels.registers import Register
from xonet.kernels.single import Place
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
        xonet.layers._single.Unfit: where the network runs in groups only.
    """

    def __init__(
        self, plan: Plan, raw: bool, threads: int | None = None, announce: Callable[[int], None] | None = None
    ) -> None:
        builder = SingleBuilder(plan, raw)
        program = builder.build()
        rows = [row for stage in builder.stages for row in stage]
        used = [row.kernel for row in (*rows, *builder.prepare_rows)] + [single.respace]
        addresses = library().addresses([*used, single.walk, single.alone, single.lead, single.assist], announce)
        self._parameters, self._turn = plan.memory, plan.turn
        self._seen = 0
        self.amid = self._packed = False
        self._own = aligned(len(plan.memory.array))
        """The parameters that rows read: a copy, so that others may write to theirs meanwhile."""
        copy = builder.program.row(single.respace, (plan.memory.array, 0, self._own, 0, 1, len(self._own)))
        prepared = [copy, *builder.prepare_rows]
        self._wanted = np.zeros((1, *builder.input.shape), np.uint8 if raw else np.float32)
        values, shared, scratch = map(workspace, (program.activations, program.shared, program.scratch))
        first, size = program.buffers[0]
        values[first // FLOAT.itemsize : (first + size) // FLOAT.itemsize] = 0  # the zeros around the picture
        registers = {
            Register.ZERO: 0,
            Register.ACTIVATIONS: values.ctypes.data,
            Register.PARAMETERS: self._own.ctypes.data,
            Register.SHARED: shared.ctypes.data,
            Register.SCRATCH: scratch.ctypes.data,
            Register.PICTURES: 0,
            Register.SCORES: 0,
        }
        parts = [len(stage) for stage in builder.stages for _ in stage]
        table, arguments = _table(rows, addresses, registers, parts)
        prepare, prepare_arguments = _table(prepared, addresses, registers, [1] * len(prepared))
        self._prepare_arguments = _addresses(prepare.ctypes.data, len(prepare))
        self._alive = [program, values, shared, scratch, table, arguments, prepare, prepare_arguments]
        self._control = aligned(Place.SIZE, np.int64)
        most = max(map(len, builder.stages))
        self._large = most > 1
        # a small one is packed before any other Python code runs: `_one_alone` has no lock
        self._prepare = entry(addresses[single.walk], alone=not self._large)
        self._help = min(threads or default_threads(), most) - 1
        made = offers(self._control, addresses[single.assist], self._help)
        tickets = aligned(8 * (self._help + 1), np.int64)
        self._alive += [made, tickets]
        places = {
            Place.ROWS: table.ctypes.data,
            Place.COUNT: len(rows),
            Place.WANTED: id(self._wanted),
            Place.PICTURE: arguments[0][0:].ctypes.data,
            Place.SCORES: arguments[-1][2:].ctypes.data,
            Place.NONE: id(None),
            Place.ASSISTANTS: ASSISTANTS.lines.ctypes.data,
            Place.TICKETS: tickets.ctypes.data,
            Place.OFFERS: made.ctypes.data,
            Place.HELP: self._help,
        }
        for place, value in places.items():
            self._control[place] = value
        # looked up once: at a microsecond a picture, a name costs what ten multiplications of sixteens cost
        self._shape = (1, plan.outputs)
        self._run = method(addresses[single.lead if self._large else single.alone], self._control)

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
            self._control[Place.ASSISTANT_COUNT] = ASSISTANTS.ensure(self._help)
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
            self._prepare(self._prepare_arguments.ctypes.data)
            self._packed = True
        # not before: another thread takes this to mean that all is packed
        self._seen = seen


def _addresses(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def _table(
    rows: list[Row], addresses: dict[Kernel, int], registers: dict[Register, int], parts: list[int]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Rows as `walk` and `share` read them, and their arguments, all worked out."""
    arguments = [
        _addresses(*(registers[Register(register)] + offset for register, offset in row.arguments)) for row in rows
    ]
    entries = [
        (addresses[row.kernel], own.ctypes.data, count) for row, own, count in zip(rows, arguments, parts, strict=True)
    ]
    return np.array(entries, np.int64).reshape(-1, 3), arguments
