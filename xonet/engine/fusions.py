"""Which layers do others' work beside their own, so that values need not be written and read once more.

A layer says in its `NATIVE` what it can do: see `xonet.layers._native`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xonet.layers._graph import Operation, Value
from xonet.layers._native import Native, ReluFusion, native_of
from xonet.layers.batch_norm import BatchNorm
from xonet.layers.relu import Relu

EPILOGUES = (ReluFusion.EPILOGUE, ReluFusion.EPILOGUE_BOTH_WAYS)
NOTHING = Native(lambda layer, site: None)
"""What a layer can do that only renames its input, and has no rows."""


class Fusions:
    """What is decided of some operations."""

    def __init__(self, operations: Sequence[Operation], training: bool, workers: int = 1) -> None:
        self.operations, self.training, self.workers = operations, training, workers
        self.folded: dict[Operation, Operation] = {}
        """Outside training: operations whose weights take in the batch_norm behind them."""
        if not training:
            self.folded = {op.inputs[0].producer: op for op in operations if self._folds(op)}  # type: ignore[misc]
        self._folding = set(self.folded.values())
        self.fused_with_relu: set[Operation] = set()
        """Operations that do a relu's work beside their own."""
        self._fused_relus: set[Operation] = set()
        for operation in operations:
            if isinstance(operation.layer, Relu):
                self._fuse_relu(operation)
        self.fused_consumers: dict[Operation, Operation] = {}
        """In training: the consumer that reads an operation's output as it is written, and makes its gradient."""
        self.fused_producers: dict[Operation, Operation] = {}
        """The producer that makes an operation's input as it is read, and in training reads its gradient."""
        for operation in operations:
            fused: Any = _native(operation).fused_rows
            # where workers share a group, no one asks for all channels of the pixels that it is about to read
            if fused is not None and fused.in_training == training and (training or workers == 1):
                self._fuse(operation)

    def _folds(self, operation: Operation) -> bool:
        """Whether a batch_norm can be taken into the weights of the layer before it."""
        before = operation.inputs[0].producer
        return (
            isinstance(operation.layer, BatchNorm)
            and before is not None
            and _native(before).folds_norm
            and len(before.output.consumers) == 1
        )

    def _fuse_relu(self, relu: Operation) -> None:
        """Give a relu's work to a neighbour, where one can do it and nobody sees the difference."""
        before, behind = relu.inputs[0], relu.output.consumers
        if len(before.consumers) > 1 or before.producer is None:
            return
        if len(behind) == 1 and _native(behind[0][0]).relu is ReluFusion.PROLOGUE:
            neighbour = behind[0][0]
        elif _native(before.producer).relu in EPILOGUES and not self.shares_gradient(relu.output):
            neighbour = before.producer
        else:
            return
        self.fused_with_relu.add(neighbour)
        self._fused_relus.add(relu)

    def _fuse(self, operation: Operation) -> None:
        """Fuse an operation with the neighbours that it lies between, where nobody else reads what is between them."""
        before, behind = operation.inputs[0].producer, self.reader(operation.output)
        if self.training:
            if before is not None and len(before.output.consumers) == 1 and _pixel_by_pixel(before):
                self.fused_consumers[before] = operation
        elif operation in self.fused_producers or not _pixel_by_pixel(operation):
            return
        if behind is not None and _pixel_by_pixel(behind):
            self.fused_producers[behind] = operation

    def origin(self, value: Value) -> Value:
        """The value whose place it shares."""
        while value.producer is not None and self.aliases_input(value.producer):
            value = value.producer.inputs[0]
        return value

    def reader(self, value: Value) -> Operation | None:
        """The only operation that looks at a value and does not only pass it on, if there is only one."""
        while len(consumers := value.consumers) == 1:
            operation = consumers[0][0]
            if not self.aliases_input(operation):
                return operation
            value = operation.output
        return None

    def shares_gradient(self, value: Value) -> bool:
        """Whether the gradient of a value is also another's, so that it must not be changed in place."""
        reader = self.reader(value)
        return reader is not None and reader.layer.sums

    def aliases_input(self, operation: Operation) -> bool:
        """Whether an operation's output is its input itself."""
        layer = operation.layer
        if operation in self._fused_relus or operation in self._folding:
            return True
        return len(operation.inputs) == 1 and (layer.renames or (layer.training_only and not self.training))

    def masks(self, operation: Operation) -> bool:
        """Whether an operation's gradient is to be masked for the relu that it does."""
        return operation in self.fused_with_relu and _native(operation).relu is ReluFusion.EPILOGUE

    def gradient_in_place(self, operation: Operation) -> bool:
        """Whether an operation's gradient of its input may lie where its output does, and end where that ends.

        Nobody looks at the output any more but who makes its gradient of it, some pixels earlier.
        """
        if self.workers > 1:
            return False  # one may be ahead of another
        fits = _native(operation).gradient_in_place
        return operation in self.fused_consumers and fits(operation.layer, operation.inputs[0].shape)


def _native(operation: Operation) -> Native:
    return NOTHING if operation.layer.renames else native_of(operation.layer)


def _pixel_by_pixel(operation: Operation) -> bool:
    return _native(operation).pixel_by_pixel(operation.layer, operation.inputs[0].shape)
