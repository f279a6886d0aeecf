"""A network: its document, and what follows from it before any number is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from xonet.data import Wanted
from xonet.diagnostics import Diagnostic, Source
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import Layer
from xonet.layers._base import held
from xonet.layers._graph import Operation, Trace, Value
from xonet.lazily import lazily
from xonet.losses import CLASSES, INPUT, LABELS, LOSSES, ONE_SCORE, VALUES, Loss
from xonet.metrics import asked_for
from xonet.network.document import Document


class Network:
    """What a network file declares, checked; `xonet.load` makes it.

    Attributes:
        document: The sections of the file as records.
        source: The file's name and its text, as it was read.
        overrides: The `--set` arguments, and one with the names that were in a file of their own;
            `xonet.loads(network.text, overrides=network.overrides)` rebuilds it.
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
        """The classes' names; empty for labels and values, and where the file has no `output`."""
        return self.document.output.classes if self.document.output else ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of what may hold beside each other; empty for classes and values."""
        return self.document.output.labels if self.document.output else ()

    @property
    def brings_data(self) -> bool:
        """Whether the file says where pictures come from; otherwise it is a network to be used from Python."""
        data = self.document.data
        only_targets = data is not None and data.targets is not None and not any(data.sources)
        return data is not None and not only_targets

    @property
    def is_own_target(self) -> bool:
        """Whether it is to give its input back."""
        return self.document.data is not None and self.document.data.targets is not None

    @property
    def answers(self) -> str:
        """What it is asked for, one of `xonet.losses.ANSWERS`; classes where the file does not say."""
        output = self.document.output
        if self.is_own_target:
            return INPUT
        if output is not None and output.values is not None:
            return VALUES
        if self.labels:
            return LABELS
        is_one = len(self.classes) == 2 and bool(self.document.layers) and self.outputs == 1
        return ONE_SCORE if is_one and not self.trace.shape_errors else CLASSES

    @property
    def score_names(self) -> tuple[str, ...]:
        """The name of each score: a class, a label, a named value, or a number counted from 0."""
        output = self.document.output
        if self.answers == ONE_SCORE:
            return self.classes[1:]
        if output and (names := output.classes or output.labels or output.values) and not isinstance(names, int):
            return names
        return tuple(map(str, range(self.outputs)))

    def mirrors(self, *verbs: str) -> bool:
        """Whether scores are averaged with those of mirror images, as the first of these sections says."""
        for verb in verbs:
            if (section := getattr(self.document, verb)) is not None:
                return bool(section.mirror)
        return False

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
        output = self.document.output
        values = output.values if output and output.values is not None else ()
        return Wanted(
            self.shape, self.classes, self.root, labels=self.labels, values=values, is_own_target=self.is_own_target
        )

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
        return sum(map(count_learned, self.operations))

    @lazily
    def loss(self) -> Loss:
        """The file's; otherwise what is usual for what it is asked for."""
        training = self.document.training
        return (training.loss if training else LOSSES.make(self.usual_loss)).of(self.answers)

    @property
    def usual_loss(self) -> str:
        """cross_entropy for classes, binary_cross_entropy for labels and a single score, otherwise squared_error."""
        if self.answers in (LABELS, ONE_SCORE):
            return "binary_cross_entropy"
        return "cross_entropy" if self.classes else "squared_error"

    @property
    def test_metrics(self) -> list[str]:
        """The names of all metrics that the test data are measured by, beside the loss."""
        training, expect = self.document.training, self.document.expect
        names = asked_for(training.metrics, training.early_stopping, training.schedule) if training else []
        return asked_for([*names, *(name for name, _ in expect.scores)] if expect else names)

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


def count_learned(operation: Operation) -> int:
    """How many of them training changes."""
    return sum(math.prod(parameter.shape) for parameter in operation.parameters if parameter.trainable)


def count_macs(operation: Operation) -> int:
    """Its multiply-adds for one picture; a join of several paths has none."""
    return operation.layer.macs(operation.inputs[0].shape) if len(operation.inputs) == 1 else 0


def every_layer(layers: Iterable[Layer]) -> Iterator[Layer]:
    """Layers in the order of the file, with those they hold, at any depth."""
    for layer in layers:
        yield layer
        yield from every_layer(held(layer))
