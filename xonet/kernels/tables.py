"""Tables of int64 that kernels read: what a line of each holds, declared once.

A line is a NamedTuple, of which `table` makes an array; `columns` gives the places of its fields as compiled code reads
them: `load_i64(spans, SPAN.SIZE * n + SPAN.PIXELS)`. Places in memory are counted in float32, and rows, columns and
channels as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np


def columns(line: Any) -> Any:
    """The places of a NamedTuple's fields, in capitals, in a line; and SIZE, how many there are."""
    names = {name.upper(): place for place, name in enumerate(line._fields)}
    return IntEnum(f"{line.__name__}Columns", {**names, "SIZE": len(names)})


def table(line: Any, lines: Iterable[tuple[int, ...]]) -> np.ndarray:
    """An array of lines.

    Raises:
        TypeError: where something is no such line.
    """
    return np.array([line(*each) for each in lines], np.int64).reshape(-1, len(line._fields))


class Visit(NamedTuple):
    """What one output place sees along one axis: taps at `source`, `source + step`, ... of the input."""

    source: int
    taps: int
    first: int
    """The first of those taps, as the packed weights count."""


class Span(NamedTuple):
    """Tiles one behind the other in a row of y, which see alike: for `sliding.conv_forward`."""

    pixels: int
    """Of a tile."""
    y: int
    """Where in a row of y the first begins, and in a row of x."""
    x: int
    taps: int
    first: int
    """As a `Visit` has them."""
    y_pixel: int
    """From pixel to pixel in y, and in x."""
    x_pixel: int
    tiles: int


class PackedBlock(NamedTuple):
    """Features that a tile computes with packed weights: for `sliding.conv_forward`."""

    features: int
    first: int
    """The first of them."""
    weights: int
    """Where theirs begin; and by how much a tap's lie behind those of the tap above it, and of the one before it."""
    row: int
    column: int
    x: int
    """Where in a pixel of x the channels begin that they see."""


class Steps(NamedTuple):
    """How far apart things lie: for `sliding.conv_forward`."""

    y_row: int
    x_row: int
    x_i: int
    """From tap to tap down x, and across it."""
    x_j: int
    channels: int
    """Products of a tap."""
    merged: int
    """Whether a row's taps lie one behind the other."""
    next_i: int
    """By how many rows and columns of taps the weights go on from tap to tap."""
    next_j: int


class Block(NamedTuple):
    """Features that a tile computes: how many, and the first."""

    features: int
    first: int


class Term(NamedTuple):
    """Products that a tile sums up over pixels: for `sliding.gradient_of_weights`."""

    features: int
    taps: int
    g: int
    x: int
    rows: int
    columns: int
    dw: int


class WideTerm(NamedTuple):
    """The same for `sliding.gradient_of_wide_weights`."""

    features: int
    sixteens: int
    """Of channels."""
    g: int
    x: int
    rows: int
    columns: int
    dw: int
    last: int
    """Channels in the last sixteen."""


class TransformedBlock(NamedTuple):
    """Features whose transformed weights a tile multiplies by: for `winograd` and, in sixteens, `winograd_of_one`."""

    features: int
    first: int
    weights: int


class Tap(NamedTuple):
    """A row of a window over one channel: where in x it begins, and where in the weights."""

    x: int
    weights: int


class LineSpan(NamedTuple):
    """Tiles of one picture one behind the other, line by line: for `single.features`."""

    pixels: int
    x: int
    y: int
    x_pixel: int
    y_pixel: int
    taps_i: int
    first_i: int
    taps_j: int
    first_j: int
    tiles: int
    lines: int = 1
    x_line: int = 0
    y_line: int = 0


class WideBlock(NamedTuple):
    """Features of one picture that a tile computes: for `single.features`."""

    sixteens: int
    """0 where each of sixteen channels makes a feature by itself."""
    first: int
    weights: int
    channel: int
    """The first that they see."""


class WideSteps(NamedTuple):
    """How far apart things lie: for `single.features`."""

    x_i: int
    x_j: int
    channels: int
    merged: int
    """Whether a row's taps lie one behind the other."""
    columns: int
    """Of a feature."""


class Sum(NamedTuple):
    """Values that are made alike, each a sum of weighted ones: for `layers._resampling`."""

    y: int
    """The first of them, and how far the next one lies behind it."""
    y_step: int
    values: int
    first: int
    """Of its terms, and how many there are: none makes zeros."""
    terms: int


class SumTerm(NamedTuple):
    """A value that a `Sum` adds up."""

    x: int
    """For the first of the sum's values, and how much further on for the next."""
    x_step: int
    weight: int
    """Its bits, as a float32."""


class LoopRow(NamedTuple):
    """A row of a program as the loop walks it."""

    kernel: int
    """Its address."""
    frame: int
    """Where among a worker's frames the row's arguments lie, in int64."""
    first: int
    """The first of its arguments that do not last for a whole run, and behind the last."""
    end: int


class LoopArgument(NamedTuple):
    """An argument of a row."""

    place: int
    """In the frames."""
    register: int
    offset: int


class LoopPhase(NamedTuple):
    """Rows of one kind; where workers share, of groups the stages."""

    kind: int
    first: int
    length: int


class LoopStage(NamedTuple):
    """Parts that may run side by side."""

    first: int
    parts: int


class LoopPart(NamedTuple):
    """Rows that one worker runs in their order."""

    first: int
    rows: int


class StageRow(NamedTuple):
    """A row for one picture: the kernel's address, that of its arguments, and how many rows its stage has."""

    kernel: int
    arguments: int
    rows: int


VISIT, SPAN, PACKED_BLOCK, STEPS, BLOCK = map(columns, (Visit, Span, PackedBlock, Steps, Block))
TERM, WIDE_TERM, TRANSFORMED_BLOCK, TAP = map(columns, (Term, WideTerm, TransformedBlock, Tap))
LINE_SPAN, WIDE_BLOCK, WIDE_STEPS = map(columns, (LineSpan, WideBlock, WideSteps))
SUM, SUM_TERM = map(columns, (Sum, SumTerm))
LOOP_ROW, LOOP_ARGUMENT, LOOP_PHASE = map(columns, (LoopRow, LoopArgument, LoopPhase))
LOOP_STAGE, LOOP_PART, STAGE_ROW = map(columns, (LoopStage, LoopPart, StageRow))
