"""A plan becomes a program: rows (a kernel and its arguments) in phases, and how much memory they need.

The builder walks the operations once and lets each layer's `native` room add its rows at a *site*: what to do forward,
backward, and once a step before them. Nothing is compiled here, and no memory is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from xonet.engine.storage import Layout, rounded
from xonet.kernels import LANES, Kernel, coded
from xonet.kernels.registers import Phase, Register
from xonet.language.shapes import Shape
from xonet.layers import LAYERS, Layer
from xonet.layers._graph import Operation, Value
from xonet.layers.batch_norm import BatchNorm
from xonet.layers.branches.native import move
from xonet.layers.relu import Relu
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

    def bring(self, add: Callable[..., None], to: Ref, first: int, count: int, apart: int) -> None:
        """`add` (`forward` or `backward`) a row that brings pixels of the input to a place, so many float32 apart."""
        channels = self.shape.channels
        add(move, self.x.plus(first * channels * LANES), channels, to, apart // LANES, channels, count)

    def bring_gradient(self, to: Ref, first: int, count: int, apart: int) -> None:
        """The same of the output's gradient, on the way back."""
        channels = self.output_shape.channels
        assert self.dy is not None
        self.backward(move, self.dy.plus(first * channels * LANES), channels, to, apart // LANES, channels, count)

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
        self.builder.early_rows.append(self.program.row(kernel, arguments))

    def prepare(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run whenever parameters have changed, before all groups: it may read no other such row's work."""
        self.builder.prepare_rows.append(self.program.row(kernel, arguments))

    def forward(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run for each group, on the way forward."""
        self.forward_rows.append((Phase.GROUPS, self.program.row(kernel, arguments)))

    def forward_meeting(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run once a step, when all groups have come this far forward."""
        self.forward_rows.append((Phase.ROWS, self.program.row(kernel, arguments)))

    def backward(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run for each group, on the way back, in the order given."""
        self.backward_rows.append((Phase.GROUPS, self.program.row(kernel, arguments)))

    def backward_meeting(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run once a step, when all groups have come this far back."""
        self.backward_rows.append((Phase.ROWS, self.program.row(kernel, arguments)))


class Builder:
    """Puts a program together from operations.

    A relu is not computed by itself where the layer before it, or a max_pool2d behind it, can do so in passing: its
    room's `native` says so with RECTIFIES = "output" or "input". The layer then finds `site.rectify` set. In the same
    way, outside training, a batch_norm is taken into the weights of the layer before it, where that says FOLDS = True.
    On the way back, a layer that says IN_PLACE = True finds `site.dx` where `site.dy` is, if nobody else needs that.
    """

    def __init__(self, operations: Sequence[Operation], places: Layout, training: bool, groups: int, seed: int) -> None:
        self.operations, self.layout, self.training, self.seed = operations, places, training, seed
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
        self._consumers: dict[Value, list[tuple[Operation, int]]] = {}
        for operation in operations:
            for n, value in enumerate(operation.inputs):
                self._consumers.setdefault(value, []).append((operation, n))
        self.folded: dict[Operation, Operation] = {}
        """Outside training: operations whose weights take in the batch_norm behind them."""
        if not training:
            self.folded = {op.inputs[0].producer: op for op in operations if self._folds(op)}  # type: ignore[misc]
        self._folding = set(self.folded.values())
        self.rectifying: set[Operation] = set()
        """Operations that do a relu's work beside their own."""
        self._absorbed: set[Operation] = set()
        for operation in operations:
            if isinstance(operation.layer, Relu):
                self._absorb(operation)

    def _folds(self, operation: Operation) -> bool:
        """Whether a batch_norm can be taken into the weights of the layer before it."""
        before = operation.inputs[0].producer
        return (
            isinstance(operation.layer, BatchNorm)
            and before is not None
            and not before.layer.renames
            and getattr(LAYERS.part(before.layer, "native"), "FOLDS", False)
            and len(self._consumers[before.output]) == 1
        )

    def _absorb(self, relu: Operation) -> None:
        """Give a relu's work to a neighbour, where one can do it and nobody sees the difference."""
        before, behind = relu.inputs[0], self._consumers.get(relu.output, [])
        if len(self._consumers[before]) > 1 or before.producer is None:
            return
        if len(behind) == 1 and _rectifies(behind[0][0]) == "input":
            neighbour = behind[0][0]
        elif _rectifies(before.producer) in ("output", "both ways") and not self._shares_gradient(relu.output):
            neighbour = before.producer
        else:
            return
        self.rectifying.add(neighbour)
        self._absorbed.add(relu)

    def _shares_gradient(self, value: Value) -> bool:
        """Whether the gradient of a value is also another's, so that it must not be changed in place."""
        consumers = self._consumers.get(value, [])
        if len(consumers) != 1:
            return False
        operation = consumers[0][0]
        return operation.layer.sums or (self.passes(operation) and self._shares_gradient(operation.output))

    def passes(self, operation: Operation) -> bool:
        """Whether an operation's output is its input itself."""
        layer: Layer = operation.layer
        if operation in self._absorbed or operation in self._folding:
            return True
        return len(operation.inputs) == 1 and (layer.renames or (layer.training_only and not self.training))

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
        if self.passes(operation) or operation.layer.sums or self._in_place(operation):
            return self.gradient_of(operation.output)
        key = (operation, number)
        if key not in self._gradients:
            self._gradients[key] = self.program.take_activations(operation.inputs[number].shape.size)
        return self._gradients[key]

    def _in_place(self, operation: Operation) -> bool:
        """Whether an operation's gradient of its input may take the place of its output's."""
        return getattr(LAYERS.part(operation.layer, "native"), "IN_PLACE", False) and not self._shares_gradient(
            operation.output
        )

    def sites(self) -> list[Site]:
        """Every operation's rows, in the order forward."""
        sites = []
        for operation in self.operations:
            if not self.passes(operation):
                site = Site(self, operation)
                self.program.owner = operation
                room = LAYERS.part(operation.layer, "native")
                if site.rectify and site.dy is not None and room.RECTIFIES == "output":
                    site.backward(mask, site.y, site.dy, operation.output.shape.size)
                room.lower(operation.layer, site)
                sites.append(site)
        self.program.owner = None
        return sites

    def fan_in_rows(self, value: Value) -> list[Row]:
        """The sum of what several consumers say of one value's gradient."""
        consumers = self._consumers.get(value, [])
        if len(consumers) < 2 or not self.learns(value):
            return []
        total = self.gradient_of(value)
        parts = [self.gradient_for(operation, number) for operation, number in consumers]
        rows = [self.program.row(add, (parts[0], parts[1], total, value.shape.size))]
        return rows + [self.program.row(add, (total, part, total, value.shape.size)) for part in parts[2:]]


def _rectifies(operation: Operation) -> str:
    """Where a layer can do a relu's work: on its `output` (and back: `both ways`), on its `input`, or nowhere."""
    if operation.layer.renames:
        return ""
    return str(getattr(LAYERS.part(operation.layer, "native"), "RECTIFIES", ""))
