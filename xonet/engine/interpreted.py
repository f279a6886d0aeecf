"""Programs that run as plain Python, and are watched: see `xonet.interpreter` and `ledger`.

`XONET_INTERPRET=1` lets all of them run so. The loop runs interpreted, too, with one worker, who does what all would.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from xonet.engine.assistants import ASSISTANTS
from xonet.engine.ledger import Known, Ledger, Moment
from xonet.engine.runner import Runner
from xonet.interpreter import Array, Machine
from xonet.kernels import Kernel
from xonet.kernels.registers import REGISTERS, Phase, Register
from xonet.program.layout import Layout
from xonet.program.rows import Program, Row


def interpreting() -> bool:
    """Whether kernels are to run as plain Python."""
    return os.environ.get("XONET_INTERPRET", "") not in ("", "0")


class InterpretedRunner(Runner):
    """The same as `Runner`, each access to memory checked.

    Raises:
        xonet.interpreter.Misuse: from `run` and `stretches`, where a row breaks a rule of `ledger`.
    """

    def __init__(self, program: Program, places: Layout, *more: Any) -> None:
        self._machine = Machine()
        super().__init__(program, places, *more)
        machine, moves = self._machine, program.across or self._shared
        for name in ("rows", "arguments", "phases", "stages", "parts"):
            machine.take(name, self._memory[name], writable=False)
        for number, table in enumerate(program.tables):
            machine.take(f"table {number}", table, writable=False)
        for name in ("control", "tickets", "workers", "offers"):
            machine.take(name, self._memory[name])
        machine.take("where", self._where, writable=False)
        machine.take("assistants", ASSISTANTS.lines)
        arrays: dict[Register, Array | None] = {}
        for register, name, written, own in (
            (Register.ACTIVATIONS, "values", False, not moves),
            (Register.SHARED, "shared", False, False),
            (Register.SCRATCH, "scratch", False, True),
            (Register.PARAMETERS, "parameters", True, False),
            (Register.GRADIENTS, "gradients", True, False),
            (Register.STATE, "state", True, False),
        ):
            array = arrays[register] = machine.take(name, self._memory[name])
            if array:
                array.known = Known(array, written, own)
        machine.witness = ProgramLedger(program, places, arrays, self._memory["rows"], self._memory["workers"])

    def _addresses(self, kernels: Iterable[Kernel], announce: Any) -> dict[Kernel, int]:
        return self._machine.addresses(kernels)

    def _entry(self, address: int) -> Any:
        return self._machine.entry(address)

    def stretches(self, *arguments: Any, **more: Any) -> Iterator[tuple[int, int, np.ndarray]]:
        """See `Runner`."""
        names = ("pictures", "indices", "scores", "batch", "targets", "rates")
        given = {**dict(zip(names, arguments, strict=False)), **more}
        for name in ("pictures", "indices", "targets", "rates"):
            self._machine.take(name, given.get(name), writable=False)
        self._machine.take("scores", given["scores"])
        yield from super().stretches(*arguments, **more)


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
        self._rows = {frames + 8 * int(place): number for number, place in enumerate(rows[:, 1])}
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
        if kind is not Phase.GROUPS:
            moment = Moment((step, phase), number if kind is Phase.ROWS else 0)
        elif self._program.workers > 1:
            moment = Moment((step, phase, group // slots, stage), (group % slots, part))
        else:
            moment = Moment((step, phase), group % slots, group)
        return self._program.as_taken[number], moment
