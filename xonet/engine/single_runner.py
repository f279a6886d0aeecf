"""Runs a program on one picture at a time, with as little around it as there can be."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable

import numpy as np

from xonet.engine.plan import Plan
from xonet.engine.program import Row
from xonet.engine.runner import default_threads
from xonet.engine.single import SLACK, SingleBuilder
from xonet.engine.storage import aligned
from xonet.kernels import Kernel, single
from xonet.kernels.loading import entry, library
from xonet.kernels.registers import Register
from xonet.kernels.single import Place


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
        used = [row.kernel for row in (*rows, *builder.prepare_rows)]
        addresses = library().addresses([*used, single.walk, single.lead, single.assist], announce)
        shape = builder.input.shape
        self._parameters = plan.memory
        self._seen = 0
        self._packed = np.zeros(0, np.float32)
        height, width, top, left = (*shape[:2], 0, 0) if raw and shape.is_picture else builder.margins
        size = height * width * shape.channels
        self._pictures = aligned(size + SLACK, np.uint8 if raw else np.float32)
        self._picture = self._pictures[:size].reshape(1, height, width, shape.channels)
        if shape.is_picture:
            self._picture = self._picture[:, top : top + shape[0], left : left + shape[1]]
        else:
            self._picture = self._picture.reshape(1, *shape)
        values, shared, scratch = aligned(program.activations), aligned(program.shared), aligned(program.scratch)
        first = builder.scores.offset // 4
        kept = self._pictures if builder.scores.register is Register.PICTURES else values
        self._scores = kept[first : first + plan.outputs].reshape(1, plan.outputs)
        registers = {
            Register.ZERO: 0,
            Register.ACTIVATIONS: values.ctypes.data,
            Register.PARAMETERS: plan.memory.array.ctypes.data,
            Register.SHARED: shared.ctypes.data,
            Register.SCRATCH: scratch.ctypes.data,
            Register.PICTURES: self._pictures.ctypes.data,
        }
        needs = [sum(map(len, builder.stages[:n])) for n, stage in enumerate(builder.stages) for _ in stage]
        self._tables = [_table(part, addresses, registers, needed) for part, needed in (
            (rows, needs), (builder.prepare_rows, [0] * len(builder.prepare_rows)))]  # fmt: skip
        self._alive = [program, values, shared, scratch]
        lock = threading.Lock()
        # looked up once: at a microsecond a picture, a name costs what ten multiplications of sixteens cost
        self._take, self._give_back, self._copy = lock.acquire, lock.release, self._scores.copy
        self._prepare = entry(addresses[single.walk])
        self._prepare_arguments = _addresses(self._tables[1][0].ctypes.data, len(builder.prepare_rows))
        side_by_side = max(map(len, builder.stages), default=1) > 1
        self._helper: Helper | None = None
        self._run, self._arguments = self._prepare, _addresses(self._tables[0][0].ctypes.data, len(rows))
        if side_by_side and (threads or default_threads()) > 1:
            self._helper = Helper(addresses, self._tables[0][0])
            self._run, self._arguments = entry(addresses[single.lead]), _addresses(self._helper.control.ctypes.data)
        self._where = self._arguments.ctypes.data

    def one(self, pictures: np.ndarray) -> np.ndarray:
        """(1, ...) pictures to (1, outputs) scores."""
        self._take()
        try:
            if self._parameters.version != self._seen:
                self._refresh()
            self._picture[...] = pictures
            if self._helper:
                self._helper.wake()
            self._run(self._where)
            return self._copy()
        finally:
            self._give_back()

    def few(self, pictures: np.ndarray) -> np.ndarray:
        """(n, ...) pictures to (n, outputs) scores, one after the other."""
        return np.concatenate([self.one(pictures[n : n + 1]) for n in range(len(pictures))])

    def _refresh(self) -> None:
        """Pack the weights anew, if any parameter is another than when they were packed."""
        self._seen = self._parameters.look()
        now = self._parameters.array
        if not self._packed.size or not np.array_equal(self._packed.view(np.int32), now.view(np.int32)):
            self._packed = now.copy()
            self._prepare(self._prepare_arguments.ctypes.data)


class Helper:
    """A second thread for rows that may run side by side. It sleeps, unless a picture came a moment ago."""

    def __init__(self, addresses: dict[Kernel, int], rows: np.ndarray) -> None:
        self.control = aligned(Place.SIZE, np.int64)
        self.control[Place.ROWS], self.control[Place.COUNT] = rows.ctypes.data, len(rows)
        self.control[Place.ASLEEP] = 1
        self._bell = threading.Semaphore(0)
        self._ended = threading.Event()
        work = (entry(addresses[single.assist]), self.control, rows, self._bell, self._ended)
        threading.Thread(target=_assist, args=work, daemon=True).start()
        weakref.finalize(self, _end, self._bell, self._ended)

    def wake(self) -> None:
        """Before a picture."""
        if self.control[Place.ASLEEP]:
            self.control[Place.ASLEEP] = 0
            self._bell.release()


def _assist(
    run: Callable[[int], None], control: np.ndarray, rows: np.ndarray, bell: threading.Semaphore, ended: threading.Event
) -> None:
    arguments = _addresses(control.ctypes.data)
    while bell.acquire() and not ended.is_set():
        run(arguments.ctypes.data)


def _end(bell: threading.Semaphore, ended: threading.Event) -> None:
    ended.set()
    bell.release()


def _addresses(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def _table(
    rows: list[Row], addresses: dict[Kernel, int], registers: dict[Register, int], needs: list[int]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Rows as `walk` and `share` read them, and their arguments, all worked out."""
    arguments = [
        _addresses(*(registers[Register(register)] + offset for register, offset in row.arguments)) for row in rows
    ]
    entries = [
        (addresses[row.kernel], own.ctypes.data, needed)
        for row, own, needed in zip(rows, arguments, needs, strict=True)
    ]
    return np.array(entries, np.int64).reshape(-1, 3), arguments
