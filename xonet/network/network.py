"""A network: its document, and what follows from it before any number is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xonet.data import Wanted
from xonet.diagnostics import Diagnostic, Source
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import Layer
from xonet.layers._graph import Operation, Trace, Value
from xonet.lazily import lazily
from xonet.losses import LOSSES, Loss
from xonet.network.document import Document


class Network:
    """What a network file declares, checked; `xonet.load` makes it.

    Attributes:
        document: The sections of the file as records.
        source: The file's name and its text, as it was read.
        overrides: The `--set` arguments; `xonet.loads(network.text, overrides=network.overrides)` rebuilds it.
        root: The folder that paths in the file are relative to.
        warnings: Findings that do not keep it from running.
    """

    def __init__(self, document: Document, source: Source, overrides: tuple[str, ...], root: Path) -> None:
        self.document, self.source, self.overrides, self.root = document, source, overrides, root
        self.warnings: list[Diagnostic] = []

    def __copy__(self) -> Network:
        """Itself: it does not change."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Network:
        return self

    @property
    def text(self) -> str:
        """The file's text."""
        return self.source.text

    @property
    def name(self) -> str:
        """Its name, as the file gives it; by default the file's own name."""
        return self.document.name or Path(self.source.name.strip("<>")).stem

    @property
    def shape(self) -> Shape:
        """The shape of the input: (height, width, channels), or (features,)."""
        return self.document.input.shape

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes' names; empty for regression, and where the file has no `output`."""
        return self.document.output.classes if self.document.output else ()

    @property
    def score_names(self) -> tuple[str, ...]:
        """The name of each score: a class, a named value, or a number counted from 0."""
        output = self.document.output
        if output and (names := output.classes or output.values) and not isinstance(names, int):
            return names
        return tuple(map(str, range(self.outputs)))

    @property
    def outputs(self) -> int:
        """How many numbers the last layer outputs."""
        return self.output_shape.size

    @property
    def output_shape(self) -> Shape:
        """The shape of the last layer's output."""
        return self.operations[-1].output.shape if self.operations else self.shape

    @property
    def wanted(self) -> Wanted:
        """What its data sources are asked for."""
        return Wanted(self.shape, self.classes, self.root)

    @lazily
    def trace(self) -> Trace:
        """The layers traced from the input, as far as their shapes fit."""
        trace = Trace()
        try:
            trace.through(self.document.layers, Value(self.shape), "layers")
        except ShapeError:
            pass  # the trace holds it
        return trace

    @property
    def operations(self) -> list[Operation]:
        """The operations that the layers unfold to, in the order in which they run."""
        return self.trace.operations

    @property
    def trained(self) -> int:
        """The number of trained parameters."""
        return sum(
            math.prod(parameter.shape)
            for operation in self.operations
            for parameter in operation.parameters
            if parameter.trainable
        )

    @lazily
    def loss(self) -> Loss:
        """The file's; otherwise cross_entropy for classes, and squared_error for values."""
        training = self.document.training
        return training.loss if training else LOSSES.make("cross_entropy" if self.classes else "squared_error")

    @property
    def parameters(self) -> int:
        """The number of all parameters: trained ones, and others (running means, frozen weights)."""
        return sum(map(count_parameters, self.operations))

    @property
    def macs(self) -> int:
        """Multiply-adds for one picture."""
        return sum(map(count_macs, self.operations))


def count_parameters(operation: Operation) -> int:
    """How many numbers an operation holds."""
    return sum(math.prod(parameter.shape) for parameter in operation.parameters)


def count_macs(operation: Operation) -> int:
    """Its multiply-adds for one picture; a join of several paths has none."""
    return operation.layer.macs(operation.inputs[0].shape) if len(operation.inputs) == 1 else 0


def every_layer(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Layers in the order of the file, with those they hold, at any depth."""
    for layer in layers:
        yield layer
        for name in layer.fields:
            yield from _within(getattr(layer, name))


def _within(value: object) -> Iterator[Layer]:
    """The layers in a knob's value: a list of layers, or of lists of layers."""
    if isinstance(value, Layer):
        yield from every_layer([value])
    elif isinstance(value, tuple):
        for item in value:
            yield from _within(item)
