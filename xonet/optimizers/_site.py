"""Where an optimizer's `native` module adds its rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
    rate_factor: float = 1.0
    """What the learning rate is multiplied by here."""
    decay_factor: float = 1.0
    """What the weight decay is multiplied by here."""
    missed: int = 0
    """How many updates there were while these parameters were frozen."""

    @property
    def step(self) -> Ref:
        """How many updates this stretch's state has seen."""
        return Ref(Register.UPDATE, -self.missed)


@dataclass(frozen=True)
class Tensor:
    """One parameter, whole: its values follow each other in row-major order through all of its parts."""

    name: str
    shape: tuple[int, ...]
    parts: Sequence[Part]
    """The last one ends with zeros, where the values do not fill its last sixteen."""

    @property
    def values(self) -> int:
        """How many it has."""
        return math.prod(self.shape)

    @property
    def weights(self) -> bool:
        """Whether it is a matrix, or can be read as one; otherwise it is a bias, or scales or shifts."""
        return len(self.shape) > 1


@dataclass(frozen=True)
class OptimizerSite:
    """Where an optimizer adds its rows: the gradient lies in slots, `stride` bytes apart."""

    program: Program
    stages: list[list[Row]]
    """Rows that may run side by side; all of a list are done before the next list begins."""
    parts: Sequence[Part]
    """All parameters, for an optimizer to which each value is one by itself: a part may hold several parameters."""
    tensors: Sequence[Tensor]
    """The same, one parameter after the other, for an optimizer that needs whole ones."""
    stride: int
    rate = Ref(Register.RATE)

    def row(self, kernel: Kernel, *arguments: Argument) -> None:
        """One row, run once a step, side by side with all rows since the last `barrier`."""
        self.stages[-1].append(self.program.row(kernel, arguments))

    def barrier(self) -> None:
        """Rows added from now on run when all rows before are done."""
        self.stages.append([])
