"""Runs a program: takes the memory it asks for, loads its kernels, and lets workers walk its rows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from xonet.engine.assistants import POOL, requests
from xonet.engine.memory import places_of, slots_of
from xonet.kernels import LANES, Kernel
from xonet.kernels.loading import entry, library
from xonet.kernels.loop import assist, fork_join
from xonet.kernels.registers import LASTING, REGISTERS, Control, Register
from xonet.kernels.tables import LoopArgument, LoopPart, LoopPhase, LoopRow, LoopStage, table
from xonet.program.alignment import aligned, workspace
from xonet.program.layout import Layout
from xonet.program.rows import Program
from xonet.turns import Turn

AT_ONCE = 1 << 18
"""Multiply-adds of a step that one worker does sooner than several share."""
FIRST = 1 << 24
"""Multiply-adds after which to look, the first time, how long a step takes."""
STRETCH = 0.05
"""Seconds in compiled code until this thread hears of an interruption, if a step is no longer."""

FAR_APART = 16
"""int64 on two cache lines: processors fetch them in pairs, and workers should not write to a common one."""


def default_threads() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Batches:
    """What a runner walks through: `size` pictures a step, in the order of `indices`."""

    pictures: np.ndarray
    indices: np.ndarray
    """int64."""
    size: int
    targets: np.ndarray | None = None
    rates: np.ndarray | None = None
    """The learning rate of each step, float32."""
    first_step: int = 0
    first_update: int | None = None
    """How many updates the optimizer's state has seen; by default as many as there were steps."""
    weights: np.ndarray | None = None
    """What each picture counts for in its step, float32, in the order of the indices."""
    steps_of_update: int = 1
    """How many steps add to a gradient before parameters change."""


class Runner:
    """A program with memory to run in.

    Args:
        program: what to run.
        places: of the parameters.
        parameters: the flat vector (places.total), read, and for training written.
        state: the optimizer's vectors, one behind the other.
        threads: how many workers at most; results do not depend on it.
        announce: told how many kernels have to be compiled, before that begins.
    """

    def __init__(
        self,
        program: Program,
        places: Layout,
        parameters: np.ndarray,
        state: np.ndarray | None = None,
        threads: int | None = None,
        announce: Callable[[int], None] | None = None,
    ) -> None:
        self.slots, self.parameters = slots_of(program), parameters
        self._pace = FIRST
        """Multiply-adds of a stretch."""
        self._shared = program.workers > 1
        self.threads = threads or default_threads()
        if not self._shared:
            self.threads = min(self.threads, self.slots)
        addresses = self._addresses([*(row.kernel for row in program.rows), fork_join, assist], announce)
        self._fork_join = self._entry(addresses[fork_join])
        self._program = program
        rows, arguments, lasting = _written(program, addresses)
        phases, stages = table(LoopPhase, program.phases), table(LoopStage, program.stages)
        parts = table(LoopPart, program.parts)
        values = workspace(program.activations * places_of(program, self.threads))
        vectors = self.slots + program.spare_gradients if program.trains else 0
        self.gradients = aligned(vectors * places.trained).reshape(-1, places.trained or 1)
        shared, scratch = workspace(program.shared), workspace(program.scratch * self.threads)
        worker = -(-(REGISTERS + len(arguments)) // FAR_APART) * FAR_APART
        workers = aligned(self.threads * worker, np.int64)
        self.control = aligned(Control.SIZE, np.int64)
        self._where = np.array([self.control.ctypes.data], np.int64)
        self._tickets = aligned(8 * self.threads, np.int64)
        made = requests(self.control, addresses[assist], self.threads - 1)
        self._memory: dict[str, np.ndarray | None] = {
            "rows": rows,
            "arguments": arguments,
            "phases": phases,
            "stages": stages,
            "parts": parts,
            "values": values,
            "shared": shared,
            "scratch": scratch,
            "workers": workers,
            "parameters": parameters,
            "gradients": self.gradients,
            "state": state,
            "requests": made,
            "control": self.control,
            "tickets": self._tickets,
        }
        stride = 4 * program.activations
        self._set(
            {
                Control.SLOTS: self.slots,
                Control.TICKETS: self._tickets.ctypes.data,
                Control.ASSISTANTS: POOL.mailboxes.ctypes.data,
                Control.REQUESTS: made.ctypes.data,
                Control.PHASES: phases.ctypes.data,
                Control.PHASE_COUNT: len(phases),
                Control.STAGES: stages.ctypes.data if self._shared else 0,
                Control.PARTS: parts.ctypes.data,
                Control.FIRST_ONLY: program.first_only,
                Control.UPDATES_FROM: len(phases) if program.updates_from is None else program.updates_from,
                Control.ROWS: rows.ctypes.data,
                Control.ARGUMENTS: arguments.ctypes.data,
                Control.LASTING: lasting,
                Control.WORKERS: workers.ctypes.data,
                Control.WORKERS_STRIDE: workers.itemsize * worker,
                Control.ACTIVATIONS: values.ctypes.data,
                Control.ACTIVATIONS_STRIDE: stride if program.across else 0,
                Control.ACTIVATIONS_WORKER: 0 if program.across else stride,
                Control.PARAMETERS: parameters.ctypes.data,
                Control.GRADIENTS: self.gradients.ctypes.data,
                Control.GRADIENTS_STRIDE: 4 * places.trained,
                Control.SHARED: shared.ctypes.data,
                Control.STATE: state.ctypes.data if state is not None else 0,
                Control.SCRATCH: scratch.ctypes.data,
                Control.SCRATCH_STRIDE: 4 * program.scratch,
            }
        )

    def _addresses(self, kernels: Iterable[Kernel], announce: Callable[[int], None] | None) -> Mapping[Kernel, int]:
        """Where kernels lie that can be run."""
        return library().addresses(kernels, announce)

    def _entry(self, address: int) -> Callable[[int], None]:
        """One of them, as a function of the address of its arguments."""
        return entry(address)

    def _set(self, places: dict[Control, int]) -> None:
        for place, value in places.items():
            self.control[place] = value

    def run(self, batches: Batches, scores: np.ndarray) -> int:
        """Walk through the batches, and fill `scores` in their order.

        Gives the number of the first step whose loss was NaN, or -1.
        """
        for _ in self.stretches(batches, scores):
            pass
        return self.broken

    @property
    def broken(self) -> int:
        """The first step of the last run whose loss was NaN, or -1."""
        return int(self.control[Control.BROKEN]) - 1

    def stretches(
        self, batches: Batches, scores: np.ndarray, turn: Turn | None = None
    ) -> Iterator[tuple[int, int, np.ndarray]]:
        """The same in stretches of some steps, about 50 ms long.

        Gives after each how many steps are done, and its scores with the number of the first: where `scores` has no
        room for all, the next stretch uses the same memory. Between two of them this thread is back from compiled code,
        so that it can be interrupted; no other one is at work then. A `turn` is taken for each stretch.
        """
        pictures, indices, batch, targets, rates = (
            batches.pictures,
            batches.indices,
            batches.size,
            batches.targets,
            batches.rates,
        )
        if batch > self._program.groups * LANES:
            raise ValueError(f"the program was made for batches of {self._program.groups * LANES} pictures")
        steps = -(-len(indices) // batch)
        a_step = min(batch, len(indices))
        macs = self._program.macs * a_step
        threads = self.threads if self._shared else min(self.threads, -(-a_step // LANES))
        threads = threads if macs >= AT_ONCE else 1
        row = 4 * scores.shape[-1]
        self._set(
            {
                Control.THREADS: threads,
                Control.ASSISTANT_COUNT: POOL.ensure(threads - 1),
                Control.STOP: 0,
                Control.BROKEN: 0,
                Control.FIRST_STEP: batches.first_step,
                Control.FIRST_UPDATE: batches.first_step if batches.first_update is None else batches.first_update,
                Control.STEPS_OF_UPDATE: batches.steps_of_update,
                Control.PICTURES_IN_ALL: len(indices),
                Control.BATCH: batch,
                Control.PICTURES: pictures.ctypes.data,
                Control.TARGETS: targets.ctypes.data if targets is not None else 0,
                Control.INDICES: indices.ctypes.data,
                Control.SCORES_STRIDE: row,
                Control.RATES: rates.ctypes.data if rates is not None else 0,
                Control.WEIGHTS: batches.weights.ctypes.data if batches.weights is not None else 0,
            }
        )
        room = steps if len(scores) >= len(indices) else len(scores) // batch
        done, stretch = 0, 1 + self._pace // (1 + macs)
        while done < steps and not self.control[Control.BROKEN]:
            some = min(stretch, room)
            # parameters change after whole rounds of steps: there it can be stopped
            some -= some % batches.steps_of_update if some > batches.steps_of_update else 0
            end = min(steps, done + some)
            places = {Control.BEGIN: done, Control.END: end, Control.DONE: 0}
            first = done * batch
            before = 0 if room == steps else first
            self._set({**places, Control.SCORES: scores.ctypes.data - before * row})
            self._tickets[...] = 0
            begin = time.perf_counter()
            if turn is None:
                self._fork_join(self._where.ctypes.data)
            else:
                turn.give_way()
                begin = turn.take(self._in_turn, turn)
            stretch = max(1, int((end - done) / (time.perf_counter() - begin) * STRETCH))
            self._pace, done = stretch * (1 + macs), end
            yield done, first, scores[first - before : min(done * batch, len(indices)) - before]

    def _in_turn(self, turn: Turn) -> float:
        """One stretch, and when it began."""
        begin = time.perf_counter()
        if self._program.trains:
            turn.change(self._fork_join, self._where.ctypes.data)
        else:
            self._fork_join(self._where.ctypes.data)
        return begin


def _written(program: Program, addresses: Mapping[Kernel, int]) -> tuple[np.ndarray, np.ndarray, int]:
    """Rows and their arguments as the loop reads them, and how many of the arguments last."""
    moves = program.across or (program.workers > 1 and slots_of(program) > 1)
    lasting = LASTING if moves else LASTING | {Register.ACTIVATIONS}
    place, rows = 0, []
    kept: list[LoopArgument] = []
    changing: list[LoopArgument] = []
    for row in program.rows:
        first = len(changing)
        for number, (register, offset) in enumerate(row.arguments, place):
            (kept if register in lasting else changing).append(LoopArgument(number, register, offset))
        rows.append(LoopRow(addresses[row.kernel], place, first, len(changing)))
        place += len(row.arguments)
    behind = [row._replace(first=row.first + len(kept), end=row.end + len(kept)) for row in rows]
    return table(LoopRow, behind), table(LoopArgument, kept + changing), len(kept)
