"""Programs that run as plain Python, and are watched: see `xonet.interpreter` and `ledger`.

With XONET_INTERPRET=1 a native engine runs so. The loop is interpreted, too: one worker does what all would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from xonet.engine.assistants import POOL
from xonet.engine.ledger import Fresh, Known, Ledger, Moment, StageLedger
from xonet.engine.plan import Plan
from xonet.engine.runner import Batches, Runner
from xonet.engine.single_runner import SingleRunner
from xonet.interpreter import Array, Machine
from xonet.kernels import LANES, Kernel
from xonet.kernels.registers import REGISTERS, Phase, Register
from xonet.kernels.tables import LOOP_ROW
from xonet.program.layout import Layout
from xonet.program.rows import Program, Row
from xonet.turns import Turn


class InterpretedRunner(Runner):
    """The same as `Runner`, each access to memory checked.

    Raises:
        xonet.interpreter.Misuse: from `run` and `stretches`, where a row breaks a rule of `ledger`.
    """

    def __init__(
        self, program: Program, places: Layout, parameters: np.ndarray, state: np.ndarray | None = None, *_: Any
    ) -> None:
        self._machine = Machine()
        super().__init__(program, places, parameters, state, threads=1)
        machine, moves = self._machine, program.across or self._shared
        for name in ("rows", "arguments", "phases", "stages", "parts"):
            machine.take(name, self._memory[name], writable=False)
        _take_tables(machine, program)
        for name in ("control", "tickets", "workers", "requests"):
            machine.take(name, self._memory[name])
        machine.take("where", self._where, writable=False)
        machine.take("assistants", POOL.mailboxes)
        arrays: dict[Register, Array | None] = {}
        for register, name, written, fresh in (
            (Register.ACTIVATIONS, "values", False, Fresh.NEVER if moves else Fresh.EACH_TASK),
            (Register.SHARED, "shared", False, Fresh.NEVER),
            (Register.SCRATCH, "scratch", False, Fresh.EACH_TASK),
            (Register.PARAMETERS, "parameters", True, Fresh.NEVER),
            (Register.GRADIENTS, "gradients", True, Fresh.NEVER),
            (Register.STATE, "state", True, Fresh.NEVER),
        ):
            arrays[register] = _known(machine.take(name, self._memory[name]), written, fresh)
        rows, workers = self._memory["rows"], self._memory["workers"]
        assert rows is not None and workers is not None, "every program has them"
        machine.witness = ProgramLedger(program, places, arrays, rows, workers)

    def _addresses(self, kernels: Iterable[Kernel], announce: Any) -> dict[Kernel, int]:
        return self._machine.addresses(kernels)

    def _entry(self, address: int) -> Any:
        return self._machine.entry(address)

    def stretches(
        self, batches: Batches, scores: np.ndarray, turn: Turn | None = None
    ) -> Iterator[tuple[int, int, np.ndarray]]:
        """See `Runner`."""
        for name in ("pictures", "indices", "targets", "rates", "weights"):
            self._machine.take(name, getattr(batches, name), writable=False)
        self._machine.take("scores", scores)
        yield from super().stretches(batches, scores, turn)


class InterpretedSingleRunner(SingleRunner):
    """The same as `SingleRunner`, each access to memory checked.

    Raises:
        xonet.interpreter.Misuse: where a row breaks a rule of `ledger`.
    """

    _native = False

    def __init__(self, plan: Plan, *more: Any) -> None:
        self._machine = machine = Machine()
        super().__init__(plan, *more)
        program, memory = self._program, self._memory
        for name, table in (("rows", self._rows), ("preparing rows", self._prepared)):
            machine.take(name, table.rows, writable=False)
            for number, array in enumerate((table.call, *table.arguments)):
                machine.take(f"{name}' arguments {number}", array, writable=False)
        _take_tables(machine, program, self._own)
        arrays = {
            register: _known(machine.take(register.name.lower(), memory[register]), written, fresh)
            for register, written, fresh in (
                # channels are filled up to sixteens: what lies there is computed with, and seen by nobody
                (Register.ACTIVATIONS, True, Fresh.NEVER),
                (Register.SHARED, False, Fresh.NEVER),
                (Register.SCRATCH, False, Fresh.EACH_SECTION),
                (Register.PARAMETERS, True, Fresh.NEVER),
            )
        }
        prepared = [[row] for row in self.prepared]
        machine.witness = StageLedger(
            program, plan.places, arrays, [*prepared, *self.stages], [*self._prepared.arguments, *self._rows.arguments]
        )

    def _addresses(self, kernels: Iterable[Kernel], announce: Any) -> dict[Kernel, int]:
        return self._machine.addresses(kernels)

    def _entry(self, address: int, alone: bool) -> Any:
        return self._machine.entry(address)

    def _plain(self, picture: Any, scores: np.ndarray) -> np.ndarray | None:
        if isinstance(picture, np.ndarray):
            self._machine.take("picture", np.ascontiguousarray(picture), writable=False)
        self._machine.take("scores", scores)
        return super()._plain(picture, scores)


def _take_tables(machine: Machine, program: Program, *others: np.ndarray) -> None:
    """Let the tables of a program be read; not those among them that are taken otherwise."""
    for number, table in enumerate(program.tables):
        if not any(table is other for other in others):
            machine.take(f"table {number}", table, writable=False)


def _known(array: Array | None, written: bool, fresh: Fresh) -> Array | None:
    if array:
        array.known = Known(array, written, fresh)
    return array


class ProgramLedger(Ledger):
    """Of a program's rows, in phases."""

    def __init__(
        self,
        program: Program,
        layout: Layout,
        arrays: dict[Register, Array | None],
        rows: np.ndarray,
        workers: np.ndarray,
    ) -> None:
        super().__init__(program, layout, arrays)
        frames = workers.ctypes.data + 8 * REGISTERS
        self._program, self._registers = program, workers[:REGISTERS]
        self._rows = {frames + 8 * int(place): number for number, place in enumerate(rows[:, LOOP_ROW.FRAME])}
        self._places = [*self._parts()]

    def _parts(self) -> Iterator[tuple[Phase, int, int, int]]:
        """Of each row its phase's kind and number, and where workers share, its stage and part."""
        program = self._program
        for number, (kind, first, count) in enumerate(program.phases):
            if kind is Phase.GROUPS and program.workers > 1:
                for stage in range(first, first + count):
                    begin, parts = program.stages[stage]
                    for part in range(begin, begin + parts):
                        yield from [(kind, number, stage, part)] * program.parts[part][1]
            else:
                yield from [(kind, number, 0, 0)] * count

    def row(self, address: int) -> tuple[Row, Moment] | None:
        """See `Ledger`."""
        number = self._rows.get(address)
        if number is None:
            return None
        kind, phase, stage, part = self._places[number]
        step, group = int(self._registers[Register.STEP]), int(self._registers[Register.GROUP])
        slots = int(self._registers[Register.SLOTS])
        self.stride = 0 if kind is Phase.GROUPS else int(self._registers[Register.GROUP_STRIDE])
        if kind is not Phase.GROUPS:
            moment = Moment((step, phase), number if kind is Phase.ROWS else 0)
        elif self._program.workers > 1:
            moment = Moment((step, phase, group // slots, stage), (group % slots, part))
        else:
            moment = Moment((step, phase), group % slots, group)
        return self._program.as_taken[number], moment


def verify(
    program: Program,
    plan: Plan,
    pictures: np.ndarray,
    targets: np.ndarray | None = None,
    state: np.ndarray | None = None,
) -> None:
    """Run a program interpreted over some pictures, as many at a time as it has groups for; the plan stays as it is.

    Args:
        program: What to verify.
        plan: Of the network; its parameters are read.
        pictures: (n, ...) as the program takes them.
        targets: For training: (n,) class numbers, or (n, outputs) float32.
        state: The optimizer's vectors, one behind the other; they are written to.

    Raises:
        xonet.interpreter.Misuse: at the first access that breaks a rule of `ledger`: it names kernel, argument, place.
    """
    batch = min(len(pictures), program.groups * LANES)
    rates = np.full(-(-len(pictures) // batch), 0.01, np.float32)
    runner = InterpretedRunner(program, plan.places, plan.copied(), state)
    scores = np.zeros((len(pictures), plan.outputs), np.float32)
    runner.run(Batches(pictures, np.arange(len(pictures)), batch, targets, rates), scores)
