"""Where an augmentation's `native` module adds its row."""

from __future__ import annotations

from dataclasses import dataclass

from xonet.kernels import Kernel
from xonet.kernels.registers import Register
from xonet.language.shapes import Shape
from xonet.program.rows import Argument, Program, Ref, Row


@dataclass(frozen=True)
class AugmentSite:
    """Where an augmentation adds its row: `x` are the network's input values, changed in place."""

    program: Program
    rows: list[Row]
    x: Ref
    shape: Shape
    seed: int
    stream: int
    """Of the random numbers: another for each augmentation."""
    group = Ref(Register.GROUP)
    step = Ref(Register.STEP)
    lanes = Ref(Register.LANES)

    def row(self, kernel: Kernel, *arguments: Argument) -> None:
        """One row for each group, after the pictures came in."""
        self.rows.append(self.program.row(kernel, arguments))
