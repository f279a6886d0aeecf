"""What a layer's site asks of whoever puts the program together."""

from __future__ import annotations

from typing import Protocol

from xonet.layers._graph import Operation, Value
from xonet.program.layout import Layout
from xonet.program.rows import Program, Ref, Row


class Surroundings(Protocol):
    """What a site asks of whoever puts the program together around it."""

    program: Program
    layout: Layout
    seed: int
    training: bool
    frozen: frozenset[str]
    """Full names of parameters that are trained at other times, and not now."""
    early_rows: list[Row]
    """Rows run before those of `prepare_rows`."""
    prepare_rows: list[Row]
    """Rows run whenever parameters have changed."""
    folded: dict[Operation, Operation]
    """Operations whose weights take in the batch_norm behind them."""
    fused_with_relu: set[Operation]
    """Operations that do a relu's work beside their own."""
    fused_consumers: dict[Operation, Operation]
    """The consumer that reads an operation's output as it is written, and makes its gradient."""
    fused_producers: dict[Operation, Operation]
    """The producer that makes an operation's input as it is read, and reads its gradient."""

    def value(self, value: Value) -> Ref:
        """Where a value lies."""

    def learns(self, value: Value) -> bool:
        """Whether anything trained lies at or before a value."""

    def gradient_of(self, value: Value) -> Ref:
        """Where the gradient of a value lies when all its consumers have spoken."""

    def gradient_for(self, operation: Operation, number: int) -> Ref:
        """Where an operation puts the gradient of its input number `number`."""
