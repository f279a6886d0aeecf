"""A plan becomes a program for one picture at a time: see `layers._single_site` for how values lie there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xonet.engine.builder import Builder
from xonet.engine.plan import Plan
from xonet.engine.storage import layout
from xonet.kernels import LANES, single
from xonet.kernels.registers import Register
from xonet.language.shapes import Axis
from xonet.layers._convolution import Convolution
from xonet.layers._graph import Operation, Value
from xonet.layers._native import native_of
from xonet.layers._single_site import Form, NoSinglePicture, SingleSite
from xonet.program.alignment import rounded
from xonet.program.rows import Program, Ref, Row

SLACK = 128
"""Numbers behind a value that kernels may look at, and write to."""


class SingleBuilder(Builder):
    """Puts the program together: `stages` of rows, those of one stage in any order, and `prepare_rows` in theirs."""

    def __init__(self, plan: Plan, raw: bool) -> None:
        super().__init__(plan.operations, plan.places, training=False, groups=1, seed=0)
        self.stages: list[list[Row]] = []
        self._spaced: dict[Value, Ref] = {}
        self._lies_like: dict[Value, tuple[Value, bool]] = {}
        self.input = plan.operations[0].inputs[0]
        self.widened: dict[Operation, tuple[Axis, Axis]] = {}
        """The axes of a convolution over the network's input, where that lies amid the zeros that it sees."""
        shape = self.input.shape
        self.margins = (*shape[:2], 0, 0) if shape.is_picture else (1, 1, 0, 0)
        """Of the network's input with the zeros around it: height, width; rows above, columns before it."""
        self._widen()
        self.planes: set[Value] = set()
        """Values that lie as [row][channel][sixteens of pixels]; what the layer behind makes of them has no gaps."""
        self._load(plan, raw)

    def build(self) -> Program:
        """Every operation's rows, and at the end one that brings the scores out, its third argument.

        Raises:
            NoSinglePicture: where layers have no rows for one picture; its argument is the list of their operations.
        """
        unfit = [
            operation
            for operation in self.operations
            if not self.aliases_input(operation) and not self._lower(operation)
        ]
        if unfit:
            raise NoSinglePicture(unfit)
        last = self.operations[-1].output
        pixels, channels, pixel_stride = self.form(last)
        arguments = (self.value(last), pixel_stride, Ref(Register.SCORES), channels, pixels, channels)
        self.stages.append([self.program.row(single.respace, arguments)])
        return self.program

    def _lower(self, operation: Operation) -> bool:
        """Add an operation's rows; whether it has any."""
        lower = native_of(operation.layer).lower_single
        try:
            if lower is not None:
                lower(operation.layer, SingleSite(self, operation))
        except NoSinglePicture:
            return False
        return lower is not None

    def value(self, value: Value) -> Ref:
        """Where a value lies."""
        value = self.origin(value)
        if value not in self._values:
            form = self.form(value)
            self._values[value] = self.program.take_activations(
                form.pixels * form.pixel_stride // LANES + SLACK // LANES
            )
        return self._values[value]

    def form(self, value: Value) -> Form:
        """How a value lies: the network's input without gaps; what is renamed, or treated value by value, as before."""
        value, whole = self._lying(value)
        producer = value.producer
        form = Form.of(value.shape)
        if producer is None or self.origin(producer.inputs[0]) in self.planes:
            form = form._replace(pixel_stride=value.shape.channels)
        return form._replace(pixel_stride=rounded(form.channels)) if whole else form

    def _lying(self, value: Value) -> tuple[Value, bool]:
        """The value that another lies like, and whether in whole sixteens of channels."""
        way: list[tuple[Value, bool]] = []
        while value not in self._lies_like and (producer := value.producer) is not None:
            source = producer.inputs[0]
            by_value = not value.shape.is_picture and source.shape == value.shape and not producer.parameters
            aliased = self.aliases_input(producer)
            if not by_value and not aliased:
                break
            way.append((value, not aliased))
            value = source
        value, whole = self._lies_like.get(value, (value, False))
        for later, by_value in reversed(way):
            whole = whole or by_value
            self._lies_like[later] = value, whole
        return value, whole

    def spaced_form(self, value: Value) -> Form:
        """How a value lies in whole sixteens."""
        form = self.form(value)
        return form._replace(pixel_stride=rounded(form.channels))

    def spaced(self, value: Value) -> Ref:
        """Where a value lies in whole sixteens of channels; the network's input is brought there when first needed."""
        form, whole = self.form(value), self.spaced_form(value)
        if form == whole:
            return self.value(value)
        if value not in self._spaced:
            y = self.program.take_activations(whole.pixels * whole.pixel_stride // LANES)
            arguments = (self.value(value), form.pixel_stride, y, whole.pixel_stride, form.pixels, form.channels)
            self.stages.append([self.program.row(single.respace, arguments)])
            self._spaced[value] = y
        return self._spaced[value]

    def _widen(self) -> None:
        """Let the network's input lie amid zeros where only a convolution looks at it: no window has edges then."""
        operation = self.reader(self.input)
        if operation is None or not isinstance(operation.layer, Convolution):
            return
        if operation.parameters[0].shape[-1] == self.input.shape[-1]:  # it is not in groups
            own = operation.layer.axes(self.input.shape)
            rows, columns = self.widened[operation] = (_wide(own[0]), _wide(own[1]))
            self.margins = (rows.input, columns.input, own[0].before, own[1].before)

    def _load(self, plan: Plan, raw: bool) -> None:
        """The first row brings the picture, its first argument, in."""
        shape = self.input.shape
        height, width, top, left = self.margins
        rows, row = (shape[0], shape.size // shape[0]) if self.widened else (1, shape.size)
        x = self.program.take_activations(-(-height * width * shape.channels // LANES) + SLACK // LANES)
        begin, x_row = x.plus((top * width + left) * shape.channels), width * shape.channels
        arguments = (Ref(Register.PICTURES), begin, rows, row, x_row)
        if raw:
            if plan.factors.size > shape.channels:  # one for each value: a row's begin with a sixteen of their own
                row_step = -(-row // LANES)
                pad = ((0, 0), (0, row_step * LANES - row))
                tables = [np.pad(each.reshape(rows, row), pad).ravel() for each in (plan.factors, plan.offsets)]
            else:
                row_step, channel = 0, np.arange(shape.channels * LANES) % shape.channels
                tables = [each[channel] for each in (plan.factors, plan.offsets)]
            tables = [each.astype(np.float32) for each in tables]
            period = tables[0].size // LANES
            added = self.program.row(single.load_raw_of_one, (*arguments, *tables, period, row_step))
        else:
            added = self.program.row(single.load_values_of_one, arguments)
        self.stages.append([added])
        self._values[self.input] = x


def in_groups_only(operations: Sequence[Operation]) -> list[Operation]:
    """What keeps a network from running on one picture alone, so that one takes as long as sixteen."""
    nothing, channel = np.zeros(0, np.float32), np.zeros(operations[0].inputs[0].shape.channels, np.float32)
    try:
        SingleBuilder(Plan(operations, layout(operations), nothing, channel, channel), raw=False).build()
    except NoSinglePicture as unfit:
        found: list[Operation] = unfit.args[0]
        return found
    return []


def _wide(axis: Axis) -> Axis:
    """The same windows over a longer axis, whose padding is part of it."""
    end = (axis.output - 1) * axis.stride + (axis.window - 1) * axis.dilation + 1
    return axis._replace(input=max(end, axis.before + axis.input), before=0)
