"""Where an optimizer's `native` module adds its rows."""

from __future__ import annotations

from dataclasses import dataclass

from xonet.kernels import Kernel
from xonet.kernels.registers import Register
from xonet.program.rows import Argument, Program, Ref, Row


@dataclass(frozen=True)
class Part:
    """A stretch of the flat parameter vector, `count` sixteens long."""

    parameters: Ref
    gradients: Ref
    state: dict[str, Ref]
    count: int
    slots: Argument
    """How many slots the gradient lies in; 0 where it lies in the first only, and is written anew in every step."""


@dataclass(frozen=True)
class OptimizerSite:
    """Where an optimizer adds its rows: the gradient lies in slots, `stride` bytes apart."""

    program: Program
    rows: list[Row]
    parts: list[Part]
    stride: int
    rate = Ref(Register.RATE)
    step = Ref(Register.UPDATE)
    """How many steps this optimizer's state has seen."""

    def row(self, kernel: Kernel, *arguments: Argument) -> None:
        """One row, run once a step."""
        self.rows.append(self.program.row(kernel, arguments))
