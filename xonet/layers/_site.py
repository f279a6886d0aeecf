"""Where a layer's `native` module adds its rows: what to do forward, backward, and once a step before them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from xonet.kernels import LANES, Kernel
from xonet.kernels.elementwise import move
from xonet.kernels.registers import Phase, Register
from xonet.kernels.single import prepare_affine
from xonet.language.shapes import Shape
from xonet.layers._graph import Operation
from xonet.layers._native import FusedRows, native_of
from xonet.layers._surroundings import Surroundings
from xonet.lazily import lazily
from xonet.program.alignment import rounded
from xonet.program.rows import Argument, Parts, Ref, Row


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

    def __init__(self, builder: Surroundings, operation: Operation) -> None:
        self.builder, self.operation = builder, operation
        self.program, self.training = builder.program, builder.training
        self.forward_stages: list[tuple[Phase, Parts]] = []
        self.backward_stages: list[tuple[Phase, Parts]] = []
        self.used = 0
        """Of the scratch, by `workspace`."""
        self.fused_consumer: FusedRows | None = None
        """The next layer, where it reads the output as it is written, and makes its gradient."""
        self.fused_producer: FusedRows | None = None
        """The layer before, where it makes the input as it is read, and reads its gradient as that is written."""
        self.fused_into_producer = operation in builder.fused_consumers.values()
        """Whether the layer before calls on this one's `fused_rows` for its input, and for that's gradient."""
        self.fused_into_consumer = operation in builder.fused_producers.values()
        """Whether the layer behind does, for its output."""
        self.y = builder.value(operation.output)
        self.shapes = [value.shape for value in operation.inputs]
        self.shape: Shape = self.shapes[0]
        self.output_shape: Shape = operation.output.shape
        self.norm = builder.folded.get(operation)
        self.fused_relu = operation in builder.fused_with_relu or self.norm in builder.fused_with_relu
        """Whether the layer also makes zero what is negative, for a relu that stands beside it."""
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
        return self._place_of(self.operation, name)

    def _place_of(self, operation: Operation, name: str) -> Ref:
        return Ref(Register.PARAMETERS, 4 * self.builder.layout.places[f"{operation.path}.{name}"].offset)

    def parameter_or(self, name: str, number: float, count: int) -> Argument:
        """A parameter's numbers, or where the layer has no such a table of a number that changes nothing."""
        return self._place_or_none(self.operation, name) or np.full(count, number, np.float32)

    def _place_or_none(self, operation: Operation, name: str) -> Argument:
        """Where a parameter lies, or 0 where there is none."""
        return self._place_of(operation, name) if f"{operation.path}.{name}" in self.builder.layout.places else 0

    @property
    def bias(self) -> Argument:
        """The bias, or 0 where there is none."""
        return self._place_or_none(self.operation, "bias")

    def gradient_once(self, name: str) -> Ref | None:
        """The same where one row writes it, for all groups of a step: nothing is added up, nobody has to clear it."""
        place = self.gradient(name)
        if place is not None:
            first = place.offset // 4
            count = math.prod(self.builder.layout.places[f"{self.operation.path}.{name}"].shape)
            self.program.once.append((first, first + rounded(count)))
        return place

    def gradient(self, name: str) -> Ref | None:
        """Where a parameter's gradient is added up; None where it is not trained, or not there."""
        full_name = f"{self.operation.path}.{name}"
        place = self.builder.layout.places.get(full_name)
        trained = place is not None and place.trained and full_name not in self.builder.frozen
        return Ref(Register.GRADIENTS, 4 * place.offset) if place and trained and self.training else None

    def workspace(self, count: int) -> Ref:
        """Room for `count` numbers while the layer's rows for one group follow each other, in either direction."""
        place = Ref(Register.SCRATCH, 4 * self.used)
        self.used += rounded(count)
        self.program.take_scratch(self.used)
        return place

    @lazily
    def fused_rows(self) -> Any:
        """The layer's `FusedRows`, which its neighbours call on, too."""
        make = native_of(self.operation.layer).fused_rows
        assert make is not None, "only a fused layer is asked"
        return make(self.operation.layer, self)

    def bring(self, to: Ref, first: int, count: int, pixel_stride: int, channels: range | None = None) -> Row:
        """A row that brings pixels of the input to a place, so many float32 apart; of some channels, if given."""
        channels = channels or range(self.shape.channels)
        if self.fused_producer is not None:
            return self.fused_producer.produce(to, first, count, pixel_stride, channels)
        return self._move(self.x, self.shape.channels, to, first, count, pixel_stride, channels)

    def bring_gradient(self, to: Ref, first: int, count: int, pixel_stride: int, channels: range | None = None) -> Row:
        """The same of the output's gradient."""
        channels = channels or range(self.output_shape.channels)
        if self.fused_consumer is not None:
            return self.fused_consumer.produce_gradient(to, first, count, pixel_stride, channels)
        assert self.dy is not None, "only what learns has a gradient"
        return self._move(self.dy, self.output_shape.channels, to, first, count, pixel_stride, channels)

    def _move(self, x: Ref, pixel: int, to: Ref, first: int, count: int, pixel_stride: int, channels: range) -> Row:
        place = x.plus((first * pixel + channels.start) * LANES)
        return self.row(move, place, pixel, to, pixel_stride // LANES, len(channels), count)

    def consume(self, first: int, count: int) -> Parts:
        """Rows that look at pixels of the output, forward, where somebody wants to; in the order of these calls."""
        return self.fused_consumer.consume(first, count) if self.fused_consumer is not None else []

    def consume_gradient(self, first: int, count: int) -> Parts:
        """The same of the input's gradient, on the way back."""
        return self.fused_producer.consume_gradient(first, count) if self.fused_producer is not None else []

    def stages(self, parts: Sequence[Sequence[tuple[Sequence[Row], Parts]]]) -> list[Parts]:
        """Stages of parts that are pieces: rows, and those that look at what they wrote.

        One worker looks while it is in the cache. Where workers share, all look when everything is written: what looks
        is cut in another way, and keeps the order of the pieces.
        """
        if self.program.workers == 1:
            return [[[row for pieces in parts for rows, looks in pieces for row in (*rows, *chain(*looks))]]]
        looks = [looks for pieces in parts for _, looks in pieces if looks]
        written = [[row for rows, _ in pieces for row in rows] for pieces in parts]
        return [written] + ([[[row for (row,) in alike] for alike in zip(*looks, strict=True)]] if looks else [])

    def row(self, kernel: Kernel, *arguments: Argument) -> Row:
        """A row of this layer's."""
        return self.program.row(kernel, arguments)._replace(owner=self.operation)

    def affine(self, width: int, scale: float = 1.0, norm: Operation | None = None) -> tuple[Ref, Ref]:
        """A row that works out, by feature, by what a sum is multiplied and what is added to it; where both will lie.

        It takes in the layer's bias, `scale`, and the batch_norm that its weights take in, or `norm`. From the last
        feature to `width`, both are zero.
        """
        factors, offsets = (self.program.take_shared(width) for _ in range(2))
        own: list[Argument] = [0, 0, 0, 0]
        epsilon = 0.0
        if (norm := norm or self.norm) is not None:
            own = [self._place_or_none(norm, name) for name in ("scale", "shift", "mean", "variance")]
            layer: Any = norm.layer
            epsilon = layer.epsilon
        features = self.operation.output.shape.channels
        self.prepare_first(prepare_affine, self.bias, *own, factors, offsets, features, width, scale, epsilon)
        return factors, offsets

    def prepare_first(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run before those of `prepare`; only outside training."""
        self.builder.early_rows.append(self.row(kernel, *arguments))

    def prepare(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run whenever parameters have changed, before all groups: it may read no other such row's work."""
        self.builder.prepare_rows.append(self.row(kernel, *arguments))

    def forward(self, kernel: Kernel, *arguments: Argument, in_place: tuple[int, int] | None = None) -> None:
        """A row run for each group, on the way forward; for `in_place` see `Row`."""
        self.add_forward(self.row(kernel, *arguments)._replace(in_place=in_place))

    def add_forward(self, row: Row) -> None:
        """The same, of a row that is there already."""
        self.forward_parts([[row]])

    def add_backward(self, row: Row) -> None:
        """A row that is there already, run for each group on the way back."""
        self.backward_parts([[row]])

    def forward_parts(self, parts: Parts) -> None:
        """Rows for each group, on the way forward, that workers may share: see `shares`."""
        self.forward_stages.append((Phase.GROUPS, parts))

    def backward_parts(self, parts: Parts) -> None:
        """The same on the way back."""
        self.backward_stages.append((Phase.GROUPS, parts))

    def shares(self, count: int, work: int) -> list[range]:
        """See `Program.shares`."""
        return self.program.shares(count, work)

    def by_value(
        self,
        kernel: Kernel,
        places: Sequence[Ref],
        count: int,
        *more: Argument,
        in_place: tuple[int, int] | None = None,
    ) -> Parts:
        """Rows of a kernel that treats `count` values alike, for workers to share; see `Program.by_value`."""
        parts = self.program.by_value(kernel, places, self.shares(count, count), *more, in_place=in_place)
        return [[row._replace(owner=self.operation) for row in rows] for rows in parts]

    def must_lie_alike(self) -> None:
        """Say that the inputs must lie alike, number by number; in groups of pictures they do."""

    def handed_on(self, count: int) -> Ref:
        """Room for `count` numbers that one stage of a group leaves for the next."""
        if self.program.workers == 1:
            return self.program.take_scratch(count)
        return self.program.take_activations(-(-count // LANES))

    def forward_at_once(self, rows: Sequence[Row]) -> None:
        """Rows run once a step, side by side, when all groups have come this far forward."""
        self.forward_stages.append((Phase.ROWS, [rows]))

    def backward_at_once(self, rows: Sequence[Row]) -> None:
        """The same on the way back."""
        self.backward_stages.append((Phase.ROWS, [rows]))

    def forward_once(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run once a step, when all groups have come this far forward."""
        self.forward_stages.append((Phase.ROWS, [[self.program.row(kernel, arguments)]]))

    def backward(self, kernel: Kernel, *arguments: Argument, in_place: tuple[int, int] | None = None) -> None:
        """A row run for each group, on the way back, in the order given; for `in_place` see `Row`."""
        self.add_backward(self.row(kernel, *arguments)._replace(in_place=in_place))

    def backward_once(self, kernel: Kernel, *arguments: Argument) -> None:
        """A row run once a step, when all groups have come this far back."""
        self.backward_stages.append((Phase.ROWS, [[self.program.row(kernel, arguments)]]))
