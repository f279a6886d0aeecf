"""Where a loss's `native` module adds its row."""

from __future__ import annotations

from dataclasses import dataclass

from xonet.kernels import Kernel
from xonet.program.rows import Argument, Program, Ref, Row


@dataclass(frozen=True)
class LossSite:
    """Where a loss adds its row: scores, targets and gradient are (outputs, 16), weight is each picture's."""

    program: Program
    rows: list[Row]
    scores: Ref
    targets: Ref
    weight: Ref
    dy: Ref
    outputs: int

    def row(self, kernel: Kernel, *arguments: Argument) -> None:
        """One row for each group."""
        self.rows.append(self.program.row(kernel, arguments))
