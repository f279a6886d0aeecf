"""Where a layer adds its rows for one picture at a time: there, sixteen channels stand beside each other.

An activation is `[pixel][channels]` with channels filled up to whole sixteens. So kernels that treat all values alike,
or all channels, are those of groups, told of channels / 16; layers that multiply by weights have rows of their own.
A layer's `NATIVE` offers its rows by `lower_single(layer, site)`; where one has none, the network runs in groups only.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from xonet.kernels import LANES, Kernel
from xonet.language.shapes import Axis, Shape
from xonet.layers._graph import Operation, Value
from xonet.layers._native import native_of
from xonet.layers._site import Site
from xonet.layers._surroundings import Surroundings
from xonet.program.alignment import rounded
from xonet.program.rows import Argument, Parts, Ref, Row

PARTS = 2
"""Into how many parts one picture's work is cut: more threads would wait for each other longer than they work."""
WORTH_SHARING = 512
"""Vectors of one picture that are worth to be shared out between threads."""


class NoSinglePicture(Exception):
    """Raised where a layer cannot run on one picture: a network with such layers runs in groups only."""


class Form(NamedTuple):
    """How a value lies in memory: pixels, the channels of each, and by how many numbers pixels lie apart."""

    pixels: int
    channels: int
    pixel_stride: int

    @classmethod
    def of(cls, shape: Shape) -> Form:
        """The usual one of a shape."""
        return cls(shape.size // shape.channels, shape.channels, rounded(shape.channels))

    def sixteens(self, shape: Shape) -> Shape:
        """The shape in sixteens of channels."""
        wide = self.pixel_stride // LANES
        return Shape((*shape[:2], wide)) if shape.is_picture else Shape((self.pixels * wide,))


class SingleSurroundings(Surroundings, Protocol):
    """What a site for one picture asks, too."""

    stages: list[list[Row]]
    """Rows, those of one stage in any order."""
    widened: dict[Operation, tuple[Axis, Axis]]
    """The axes of a convolution over the network's input, where that lies amid the zeros that it sees."""
    planes: set[Value]
    """Values that lie as [row][channel][sixteens of pixels]; what the layer behind makes of them has no gaps."""

    def form(self, value: Value) -> Form:
        """How a value lies."""

    def spaced_form(self, value: Value) -> Form:
        """How a value lies in whole sixteens."""

    def spaced(self, value: Value) -> Ref:
        """Where a value lies in whole sixteens of channels."""

    def origin(self, value: Value) -> Value:
        """The value whose place it shares."""

    def reader(self, value: Value) -> Operation | None:
        """The only operation that looks at a value and does not only pass it on, if there is only one."""


class SingleSite(Site):
    """Where a layer adds its rows for one picture; `shape`, `shapes` and `output_shape` count channels in sixteens."""

    builder: SingleSurroundings

    def __init__(self, builder: SingleSurroundings, operation: Operation) -> None:
        super().__init__(builder, operation)
        self.forms = [builder.spaced_form(value) for value in operation.inputs]
        """How the inputs lie, in whole sixteens."""
        output = builder.form(operation.output)
        self.pixels, self.channels, self.pixel_stride = builder.form(operation.inputs[0])
        self.y_pixel_stride = output.pixel_stride
        self.features = operation.output.shape.channels
        self.shapes = [form.sixteens(value.shape) for form, value in zip(self.forms, operation.inputs, strict=True)]
        self.shape, self.output_shape = self.shapes[0], output.sixteens(operation.output.shape)

    @property
    def xs(self) -> list[Ref]:
        """The inputs, in whole sixteens of channels."""
        return [self.builder.spaced(value) for value in self.operation.inputs]

    @property
    def x_as_it_is(self) -> Ref:
        """The only input; its pixels lie `pixel_stride` apart."""
        return self.builder.value(self.operation.inputs[0])

    def widened(self, rows: Axis, columns: Axis) -> tuple[Axis, Axis]:
        """The axes of a window over the only input as it lies: with its margin, if it has one."""
        return self.builder.widened.get(self.operation, (rows, columns))

    @property
    def amid_zeros(self) -> bool:
        """Whether the only input lies with a margin of the zeros that the layer sees."""
        return self.operation in self.builder.widened

    def in_planes(self, columns: Axis) -> bool:
        """Whether a convolution along `columns` is to put its output in planes; that is noted, too.

        It must see one channel, as it comes in, and have few features; and the layer behind must take planes.
        """
        output = self.operation.output
        behind = self.builder.reader(output)
        wide = -(-columns.output // LANES)
        few = self.channels == columns.stride == 1 and self.features <= 8 and self.features * wide <= columns.output
        if behind is None or not self.amid_zeros or not few:
            return False
        if behind.layer.renames or not native_of(behind.layer).takes_planes(behind.layer, output.shape):
            return False
        self.builder.planes.add(output)
        return True

    @property
    def planes(self) -> bool:
        """Whether the only input lies in planes."""
        return self.builder.origin(self.operation.inputs[0]) in self.builder.planes

    def must_lie_alike(self) -> None:
        """Refuse inputs that lie each in another way.

        Raises:
            NoSinglePicture: where one has gaps that another has not.
        """
        if len(set(self.forms)) > 1:
            raise NoSinglePicture

    def prepare_first(self, kernel: Kernel, *arguments: Argument) -> None:
        """The same as `prepare`: here each such row may read the work of those before it."""
        self.prepare(kernel, *arguments)

    def shares(self, count: int, work: int) -> list[range]:
        """`count` things cut for threads, where `work` (vectors that are multiplied or written) is worth it."""
        parts = min(count, PARTS if work >= WORTH_SHARING else 1)
        return [range(count * n // parts, count * (n + 1) // parts) for n in range(parts)]

    def forward_parts(self, parts: Parts) -> None:
        """Rows that may run side by side, when all before them are done; a part is one row."""
        self.builder.stages.append([row for (row,) in parts])
