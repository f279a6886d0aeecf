"""A plan becomes a program: the builder walks the operations once and lets each layer add its rows at a site."""

from __future__ import annotations

from collections.abc import Sequence

from xonet.engine.fusions import Fusions
from xonet.kernels import LANES
from xonet.kernels.elementwise import add, mask
from xonet.layers._graph import Operation, Value
from xonet.layers._native import FusedRows, native_of
from xonet.layers._site import Site
from xonet.program.layout import Layout
from xonet.program.rows import Parts, Program, Ref, Row


class Builder(Fusions):
    """Puts a program together from operations."""

    def __init__(
        self,
        operations: Sequence[Operation],
        places: Layout,
        training: bool,
        groups: int,
        seed: int,
        workers: int = 1,
        frozen: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(operations, training, workers)
        self.layout, self.seed, self.frozen = places, seed, frozen
        self.program = Program(groups=groups, trains=training, workers=workers)
        values = sum(operation.output.shape.size for operation in operations) * LANES
        self.program.wide = training and groups > 1 and places.trained > values
        self.early_rows: list[Row] = []
        weighted = [operation for operation in operations if operation.parameters]
        forward = sum(operation.layer.macs(operation.inputs[0].shape) for operation in weighted)
        forward += operations[0].inputs[0].shape.size
        self.program.macs = 3 * forward if training else forward
        self.prepare_rows: list[Row] = []
        self._values: dict[Value, Ref] = {}
        self._gradients: dict[Value | tuple[Operation, int], Ref] = {}
        self._learns: dict[Value, bool] = {}
        for operation in operations:
            self._learns[operation.output] = any(
                parameter.trainable and operation.full_name(parameter) not in frozen
                for parameter in operation.parameters
            ) or any(self.learns(source) for source in operation.inputs)

    def value(self, value: Value) -> Ref:
        """Where a value lies."""
        value = self.origin(value)
        if value not in self._values:
            self._values[value] = self.program.take_activations(value.shape.size)
        return self._values[value]

    def learns(self, value: Value) -> bool:
        """Whether anything trained lies at or before a value."""
        return self._learns.get(value, False)

    def gradient_of(self, value: Value) -> Ref:
        """Where the gradient of a value lies when all its consumers have spoken."""
        while len(consumers := value.consumers) == 1:
            operation, number = consumers[0]
            if not self._shares_gradient_of_output(operation):
                return self.gradient_for(operation, number)
            value = operation.output
        return self._gradient(value, value)

    def gradient_for(self, operation: Operation, number: int) -> Ref:
        """Where an operation puts the gradient of its input number `number`."""
        if self._shares_gradient_of_output(operation):
            return self.gradient_of(operation.output)
        if self.gradient_in_place(operation):
            before = operation.output.shape.size - operation.inputs[0].shape.size
            return self.value(operation.output).plus(before * LANES)
        return self._gradient((operation, number), operation.inputs[number])

    def _shares_gradient_of_output(self, operation: Operation) -> bool:
        return self.aliases_input(operation) or operation.layer.sums

    def _gradient(self, key: Value | tuple[Operation, int], value: Value) -> Ref:
        if key not in self._gradients:
            self._gradients[key] = self.program.take_activations(value.shape.size)
        return self._gradients[key]

    def sites(self) -> list[Site]:
        """Every operation's rows, in the order forward."""
        sites = {operation: Site(self, operation) for operation in self.operations if not self.aliases_input(operation)}
        for operation, site in sites.items():
            site.fused_consumer = _fused_rows(sites, self.fused_consumers.get(operation))
            site.fused_producer = _fused_rows(sites, self.fused_producers.get(operation))
        for operation, site in sites.items():
            self.program.owner = operation
            if self.masks(operation) and site.dy is not None:
                site.backward_parts(site.by_value(mask, [site.y, site.dy], operation.output.shape.size))
            native_of(operation.layer).lower(operation.layer, site)
        self.program.owner = None
        return list(sites.values())

    def fan_in_rows(self, value: Value) -> list[Parts]:
        """The sum of what several consumers say of one value's gradient."""
        consumers = value.consumers
        if len(consumers) < 2 or not self.learns(value):
            return []
        total = self.gradient_of(value)
        said = [self.gradient_for(operation, number) for operation, number in consumers]
        by_value, shares = self.program.by_value, self.program.shares(value.shape.size, value.shape.size)
        self.program.owner = value.producer
        stages = [by_value(add, [said[0], said[1], total], shares, in_place=(0, 2))]
        stages += [by_value(add, [total, more, total], shares) for more in said[2:]]
        self.program.owner = None
        return stages


def _fused_rows(sites: dict[Operation, Site], operation: Operation | None) -> FusedRows | None:
    return sites[operation].fused_rows if operation else None
