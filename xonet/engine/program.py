"""A plan becomes a program: rows (a kernel and its arguments) in phases, and how much memory they need.

The builder walks the operations once and lets each layer's `native` room add its rows at a *site*: what to do forward,
backward, and once a step before them. Nothing is compiled here, and no memory is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np

from xonet.engine.fusions import Fusions
from xonet.engine.storage import Layout, rounded
from xonet.kernels import LANES, Kernel, coded
from xonet.kernels.registers import Phase, Register
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.layers._graph import Operation, Value
from xonet.layers.branches.native import move
from xonet.layers.relu.native import mask
from xonet.layers.residual.native import add


class Ref(NamedTuple):
    """An argument that the loop works out: an offset in bytes from a register."""

    register: Register
    offset: int = 0

    def plus(self, values: int) -> Ref:
        """`values` float32 further on."""
        return Ref(self.register, self.offset + 4 * values)


Argument = int | float | Ref | np.ndarray
"""A number, a place, or a table that lives as long as the program."""


class Row(NamedTuple):
    """One call of a kernel."""

    kernel: Kernel
    arguments: tuple[tuple[int, int], ...]
    owner: Operation | None = None
    """Whose layer added it; None for what belongs to the whole network."""
    over: tuple[int, int] | None = None
    """(an argument, another): the other's values may be written over the first's, where nobody needs those later."""


@dataclass
class Program:
    """Rows in phases, and the memory they refer to, counted in float32."""

    rows: list[Row] = field(default_factory=list)
    phases: list[tuple[Phase, int, int]] = field(default_factory=list)
    activations: int = 0
    """For one group of pictures."""
    shared: int = 0
    scratch: int = 0
    """For one worker."""
    groups: int = 1
    """The most groups a step has."""
    trains: bool = False
    """Whether gradients are added up."""
    macs: int = 0
    """Multiply-adds for one picture, about."""
    first_only: int = 0
    """How many phases, the first ones, are for a run's first step alone."""
    buffers: list[tuple[int, int]] = field(default_factory=list)
    """Start and size, in bytes, of every stretch of activations, as taken one behind the other."""
    tables: list[np.ndarray] = field(default_factory=list)
    owner: Operation | None = None
    """Whose rows are being added."""

    @property
    def across(self) -> bool:
        """Whether groups wait for each other in the middle, so that each needs its own values."""
        return sum(kind is Phase.GROUPS for kind, _, _ in self.phases) > 1

    def add(self, kind: Phase, rows: Sequence[Row]) -> None:
        """Rows of one kind; they join the phase before, where that is of the same kind and keeps their order."""
        if not rows:
            return
        if self.phases and self.phases[-1][0] is kind is not Phase.ROWS:
            _, first, count = self.phases[-1]
            self.phases[-1] = (kind, first, count + len(rows))
        else:
            self.phases.append((kind, len(self.rows), len(rows)))
        self.rows.extend(rows)

    def row(self, kernel: Kernel, arguments: Sequence[Argument]) -> Row:
        """A row, its arguments written as the loop reads them."""
        if len(arguments) != kernel.arity:
            raise TypeError(f"{kernel.name} takes {kernel.arity} arguments, not {len(arguments)}")
        written = []
        for argument in arguments:
            if isinstance(argument, Ref):
                written.append((int(argument.register), argument.offset))
            elif isinstance(argument, np.ndarray):
                self.tables.append(argument)
                written.append((0, argument.ctypes.data))
            else:
                written.append((0, coded(argument) if isinstance(argument, float) else int(argument)))
        return Row(kernel, tuple(written), self.owner)

    def take_activations(self, values: int) -> Ref:
        """Room for `values` values of each of a group's sixteen pictures."""
        start = 4 * self.activations
        self.activations += values * LANES
        self.buffers.append((start, 4 * values * LANES))
        return Ref(Register.ACTIVATIONS, start)

    def take_shared(self, count: int) -> Ref:
        """Room for `count` numbers that all groups of a step share."""
        self.shared += rounded(count)
        return Ref(Register.SHARED, 4 * (self.shared - rounded(count)))

    def take_scratch(self, count: int) -> Ref:
        """Room for `count` numbers for the time of one row."""
        self.scratch = max(self.scratch, rounded(count))
        return Ref(Register.SCRATCH)


class InPassing(Protocol):
    """A layer that works on each pixel by itself, and so on any of them as soon as they are there."""

    def look(self, first: int, count: int) -> Row:
        """Forward: at pixels of its input, in their order."""

    def make(self, to: Ref, first: int, count: int, apart: int) -> Row:
        """Pixels of its output, to a place where they lie so many float32 apart."""

    def look_at_gradient(self, first: int, count: int) -> Row:
        """Back: at pixels of its output's gradient, in their order."""

    def make_gradient(self, to: Ref, first: int, count: int, apart: int) -> Row:
        """Pixels of its input's gradient, to a place where they lie so many float32 apart."""


class Site:
    """Where a layer adds its rows: its operation's values, gradients and parameters as arguments of kernels.

    Values and gradients are `[height][width][channel][16]`. `dx` is None where nobody needs it; then, and where a
    parameter's `gradient` is None, the layer leaves that row out.
    """

    lanes = Ref(Register.LANES)
    group = Ref(Register.GROUP)
    groups = Ref(Register.GROUPS)
    count = Ref(Register.COUNT)
    step = Ref(Register.STEP)

    def __init__(self, builder: Builder, operation: Operation) -> None:
        self.builder, self.operation = builder, operation
        self.program, self.training = builder.program, builder.training
        self.forward_rows: list[tuple[Phase, Row]] = []
        self.backward_rows: list[tuple[Phase, Row]] = []
        self.used = 0
        """Of the scratch, by `room`."""
        self.watcher: InPassing | None = None
        """Who looks at the output while it is written, and makes its gradient."""
        self.maker: InPassing | None = None
        """Who makes the input, and looks at its gradient while that is written."""
        self.watches = operation in builder.watchers.values()
        """Whether the layer before calls on this one's `in_passing` for its input, and for that's gradient."""
        self.makes = operation in builder.makers.values()
        """Whether the layer behind does, for its output."""
        self.y = builder.value(operation.output)
        self.shapes = [value.shape for value in operation.inputs]
        self.shape: Shape = self.shapes[0]
        self.output_shape: Shape = operation.output.shape
        self.norm = builder.folded.get(operation)
        self.rectify = operation in builder.rectifying or self.norm in builder.rectifying
        """Whether the layer also makes zero what is negative, for a relu that stands beside it (see `Builder`)."""
        learns = self.training and builder.learns(operation.output)
        self.dy = builder.gradient_of(operation.output) if learns else None
        self.dxs = [
            builder.gradient_for(operation, n) if learns and builder.learns(value) else None
            for n, value in enumerate(operation.inputs)
        ]

    @property
    def xs(self) -> list[Ref]:
        """The inputs."""
        return [self.builder.value(value) for value in self.operation.inputs]

    @property
    def x(self) -> Ref:
        """The only input."""
        return self.xs[0]

    @property
    def dx(self) -> Ref | None:
        """The only input's gradient."""
        return self.dxs[0]

    @property
    def seed(self) -> int:
        """Of the random numbers."""
        return self.builder.seed

    def parameter(self, name: str) -> Ref:
        """A parameter's numbers."""
        place = self.builder.layout.places[f"{self.operation.path}.{name}"]
        return Ref(Register.PARAMETERS, 4 * place.offset)

    def has(self, name: str) -> bool:
        """Whether there is a parameter of that name."""
        return f"{self.operation.path}.{name}" in self.builder.layout.places

    def gradient(self, name: str) -> Ref | None:
        """Where a parameter's gradient is added up; None where it is not trained."""
        place = self.builder.layout.places[f"{self.operation.path}.{name}"]
        return Ref(Register.GRADIENTS, 4 * place.offset) if place.trained and self.training else None

    def room(self, count: int) -> Ref:
        """Room for `count` numbers while the layer's rows for one group follow each other, in either direction."""
        place = Ref(Register.SCRATCH, 4 * self.used)
        self.used += rounded(count)
        self.program.take_scratch(self.used)
        return place

    @cached_property
    def in_passing(self) -> Any:
        """The layer's `InPassing`, which its neighbours call on, too."""
        return LAYERS.part(self.operation.layer, "native").InPassing(self.operation.layer, self)

    def bring(self, back: bool, to: Ref, first: int, count: int, apart: int) -> None:
        """A row, on the way forward or back, that brings pixels of the input to a place, so many float32 apart."""
        if self.maker is not None:
            row = self.maker.make(to, first, count, apart)
        else:
            channels = self.shape.channels
            row = self.row(move, self.x.plus(first * channels * LANES), channels, to, apart // LANES, channels, count)
        (self.add_backward if back else self.add_forward)(row)

    def bring_gradient(self, to: Ref, first: int, count: int, apart: int) -> None:
        """The same of the output's gradient, on the way back."""
        if self.watcher is not None:
            row = self.watcher.make_gradient(to, first, count, apart)
        elif self.dy is not None:
            channels = self.output_shape.channels
            row = self.row(move, self.dy.plus(first * channels * LANES), channels, to, apart // LANES, channels, count)
        self.add_backward(row)

    def written(self, first: int, count: int) -> None:
        """Says that pixels of the output are written, forward, as far as the rows go by now."""
        if self.watcher is not None:
            self.add_forward(self.watcher.look(first, count))

    def gradient_written(self, first: int, count: int) -> None:
        """Says that pixels of the input's gradient are written."""
        if self.maker is not None:
            self.add_backward(self.maker.look_at_gradient(first, count))

    def row(self, kernel: Kernel, *arguments: Argument) -> Row:
        """A row of this layer's."""
        return self.program.row(kernel, arguments)._replace(owner=self.operation)

    def norm_parameters(self) -> tuple[Argument, ...]:
        """Of the batch_norm that this layer's weights take in: scale, shift, mean, variance, epsilon; or zeros."""
        if self.norm is None:
            return (0, 0, 0, 0, 0.0)
        layer: Any = self.norm.layer
        places = self.builder.layout.places
        names = [f"{self.norm.path}.{name}" for name in ("scale", "shift", "mean", "variance")]
        return (*(Ref(Register.PARAMETERS, 4 * places[name].offset) for name in names), layer.epsilon)

    def prepare_first(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run before those of `prepare`; only outside training."""
        self.builder.early_rows.append(self.row(kernel, *arguments))

    def prepare(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run whenever parameters have changed, before all groups: it may read no other such row's work."""
        self.builder.prepare_rows.append(self.row(kernel, *arguments))

    def forward(self, kernel: Kernel, *arguments: Argument, over: tuple[int, int] | None = None) -> None:
        """A row run for each group, on the way forward; for `over` see `Row`."""
        self.add_forward(self.row(kernel, *arguments)._replace(over=over))

    def add_forward(self, row: Row) -> None:
        """The same, of a row that is there already."""
        self.forward_rows.append((Phase.GROUPS, row))

    def add_backward(self, row: Row) -> None:
        """A row that is there already, run for each group on the way back."""
        self.backward_rows.append((Phase.GROUPS, row))

    def forward_meeting(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run once a step, when all groups have come this far forward."""
        self.forward_rows.append((Phase.ROWS, self.program.row(kernel, arguments)))

    def backward(self, kernel: Kernel, *arguments: Argument, over: tuple[int, int] | None = None) -> None:
        """A row run for each group, on the way back, in the order given; for `over` see `Row`."""
        self.add_backward(self.row(kernel, *arguments)._replace(over=over))

    def backward_meeting(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run once a step, when all groups have come this far back."""
        self.backward_rows.append((Phase.ROWS, self.program.row(kernel, arguments)))


class Builder(Fusions):
    """Puts a program together from operations."""

    def __init__(self, operations: Sequence[Operation], places: Layout, training: bool, groups: int, seed: int) -> None:
        super().__init__(operations, training)
        self.layout, self.seed = places, seed
        self.program = Program(groups=groups, trains=training)
        self.early_rows: list[Row] = []
        weighted = [operation for operation in operations if operation.parameters]
        forward = sum(operation.layer.macs(operation.inputs[0].shape) for operation in weighted)
        forward += operations[0].inputs[0].shape.size
        self.program.macs = 3 * forward if training else forward
        self.prepare_rows: list[Row] = []
        self._values: dict[Value, Ref] = {}
        self._gradients: dict[Value | tuple[Operation, int], Ref] = {}
        self._learns: dict[Value, bool] = {}

    def value(self, value: Value) -> Ref:
        """Where a value lies."""
        producer = value.producer
        if producer is not None and self.passes(producer):
            return self.value(producer.inputs[0])
        if value not in self._values:
            self._values[value] = self.program.take_activations(value.shape.size)
        return self._values[value]

    def learns(self, value: Value) -> bool:
        """Whether anything trained lies at or before a value."""
        if value not in self._learns:
            producer = value.producer
            self._learns[value] = producer is not None and (
                any(parameter.trainable for parameter in producer.parameters)
                or any(self.learns(source) for source in producer.inputs)
            )
        return self._learns[value]

    def gradient_of(self, value: Value) -> Ref:
        """Where the gradient of a value lies when all its consumers have spoken."""
        consumers = self._consumers.get(value, [])
        if len(consumers) == 1:
            return self.gradient_for(*consumers[0])
        if value not in self._gradients:
            self._gradients[value] = self.program.take_activations(value.shape.size)
        return self._gradients[value]

    def gradient_for(self, operation: Operation, number: int) -> Ref:
        """Where an operation puts the gradient of its input number `number`."""
        if self.passes(operation) or operation.layer.sums:
            return self.gradient_of(operation.output)
        if self.overwrites(operation):
            return self.value(operation.output)
        key = (operation, number)
        if key not in self._gradients:
            self._gradients[key] = self.program.take_activations(operation.inputs[number].shape.size)
        return self._gradients[key]

    def sites(self) -> list[Site]:
        """Every operation's rows, in the order forward."""
        sites = {operation: Site(self, operation) for operation in self.operations if not self.passes(operation)}
        for operation, site in sites.items():
            site.watcher = _passing(sites, self.watchers.get(operation))
            site.maker = _passing(sites, self.makers.get(operation))
        for operation, site in sites.items():
            self.program.owner = operation
            if self.masks(operation) and site.dy is not None:
                site.backward(mask, site.y, site.dy, operation.output.shape.size)
            LAYERS.part(operation.layer, "native").lower(operation.layer, site)
        self.program.owner = None
        return list(sites.values())

    def fan_in_rows(self, value: Value) -> list[Row]:
        """The sum of what several consumers say of one value's gradient."""
        consumers = self._consumers.get(value, [])
        if len(consumers) < 2 or not self.learns(value):
            return []
        total = self.gradient_of(value)
        parts = [self.gradient_for(operation, number) for operation, number in consumers]
        self.program.owner = value.producer
        rows = [self.program.row(add, (parts[0], parts[1], total, value.shape.size))._replace(over=(0, 2))]
        rows += [self.program.row(add, (total, part, total, value.shape.size)) for part in parts[2:]]
        self.program.owner = None
        return rows


def _passing(sites: dict[Operation, Site], operation: Operation | None) -> InPassing | None:
    return sites[operation].in_passing if operation else None
