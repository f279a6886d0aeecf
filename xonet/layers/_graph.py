"""What a tree of layers unfolds to: operations in the order they run, each with its input and output values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from xonet.language.shapes import Shape, ShapeError
from xonet.layers import Layer
from xonet.layers._base import Pixels
from xonet.layers._parameter import Parameter

LIMIT = 5000
"""How many operations a network may unfold to: nested `repeat`s multiply, and a check must come to an end."""
LARGEST = 10**15
"""How many values an array may have: numbers beyond any machine would only slow the check down."""


@dataclass(eq=False)
class Value:
    """What flows from one operation to the next: one array a batch, `(pictures, *shape)`."""

    shape: Shape
    producer: Operation | None = None
    """None for the network's input."""
    sees: tuple[Pixels, Pixels] = (1, 1)
    """Rows and columns of the input from the first to the last that one value sees, in fractions of a pixel."""
    jump: tuple[Pixels, Pixels] = (1, 1)
    """Rows and columns of the input between neighbours."""
    consumers: list[tuple[Operation, int]] = field(default_factory=list, repr=False)
    """The operations that take it, in their order, each with which of its inputs it is."""

    @property
    def receptive_field(self) -> tuple[int, int]:
        """Rows and columns of the input that one value sees; after a layer that makes a picture larger, at most."""
        return math.floor(self.sees[0]), math.floor(self.sees[1])


@dataclass(eq=False)
class Operation:
    """One layer at work (or the join of a container's paths): inputs, an output, and its parameters' place."""

    index: int
    path: str
    """The layer's place, `layers.0`, or its label: the prefix of its parameters' names."""
    layer: Layer
    inputs: tuple[Value, ...]
    output: Value
    parameters: tuple[Parameter, ...] = ()

    def full_name(self, parameter: Parameter) -> str:
        """The parameter's name in the whole network: `layers.0.weights`."""
        return f"{self.path}.{parameter.name}"


@dataclass(eq=False)
class Trace:
    """Follows the layers from the input, and writes down the operations; a layer's `trace` calls its methods."""

    operations: list[Operation] = field(default_factory=list)
    shape_errors: list[tuple[Layer, ShapeError, Value]] = field(default_factory=list)
    """Layers that could not take their input; behind one, nothing is traced on that way."""
    _written: set[ShapeError] = field(default_factory=set)
    _place: list[str] = field(default_factory=list)
    _rounds: list[int] = field(default_factory=list)

    def apply(self, layer: Layer, *inputs: Value) -> Value:
        """One operation of `layer`; with several inputs, its `join_shape` says the output's shape.

        Raises:
            ShapeError: where the layer cannot take the input, or there are too many operations.
        """
        if len(self.operations) == LIMIT:
            raise ShapeError(
                "too-many-layers",
                f"the layers unfold to more than {LIMIT} operations",
                help="repeat fewer times",
            )
        shapes = [value.shape for value in inputs]
        if len(inputs) == 1:
            shape = layer.output_shape(shapes[0])
            parameters = tuple(layer.parameters(shapes[0]))
            window, stride = layer.reach(shapes[0])
        else:
            shape, parameters = layer.join_shape(shapes), ()
            window, stride = (1, 1), (1, 1)
        if max([shape.size, *(math.prod(parameter.shape) for parameter in parameters)]) > LARGEST:
            raise ShapeError(
                "too-large", f"{shape} values, or their weights, do not fit into any memory", help="make it smaller"
            )
        widest = max(inputs, key=lambda value: value.sees)
        sees = tuple(
            seen + (reach - 1) * jump for seen, reach, jump in zip(widest.sees, window, widest.jump, strict=True)
        )
        jumps = tuple(jump * step for jump, step in zip(widest.jump, stride, strict=True))
        output = Value(shape, None, (sees[0], sees[1]), (jumps[0], jumps[1]))
        operation = Operation(len(self.operations), self._path(layer), layer, inputs, output, parameters)
        output.producer = operation
        for number, value in enumerate(inputs):
            value.consumers.append((operation, number))
        self.operations.append(operation)
        return output

    def through(self, layers: Sequence[Layer], x: Value, place: str) -> Value:
        """A list of layers, one after another; `place` is the list's name in its container (`layers`, `paths.0`).

        Raises:
            ShapeError: carried on from the first layer that does not fit, after it is written down.
        """
        for index, layer in enumerate(layers):
            with self._at(f"{place}.{layer.step or index}"):
                try:
                    x = layer.trace(self, x)
                except ShapeError as error:
                    if error not in self._written:
                        self._written.add(error)
                        self.shape_errors.append((layer, error, x))
                    raise
        return x

    @contextmanager
    def round(self, number: int) -> Iterator[None]:
        """Inside, places and labels get `number` appended: one round of a `repeat`."""
        self._rounds.append(number)
        try:
            yield
        finally:
            self._rounds.pop()

    def ways(self, ways: Mapping[str, Sequence[Layer]], x: Value) -> list[Value]:
        """Several lists of layers, by their places in their container, each from the same `x`.

        Raises:
            ShapeError: the first, after every way is followed as far as it goes: each may have a finding of its own.
        """
        ends: list[Value] = []
        first: ShapeError | None = None
        for place, layers in ways.items():
            try:
                ends.append(self.through(layers, x, place))
            except ShapeError as error:
                first = first or error
                if len(self.operations) == LIMIT:
                    break
        if first:
            raise first
        return ends

    @contextmanager
    def inside(self, container: Layer, word: str) -> Iterator[None]:
        """Inside, places continue with the container's word, behind its label if it has one."""
        outside = self._place
        self._place = [container.name or ".".join(outside), word]
        try:
            yield
        finally:
            self._place = outside

    @contextmanager
    def _at(self, step: str) -> Iterator[None]:
        self._place.append(step)
        try:
            yield
        finally:
            self._place.pop()

    def _path(self, layer: Layer) -> str:
        place = layer.name or ".".join(self._place)
        return ".".join([place, *map(str, self._rounds)])
