"""Sliding windows for the references: what pixel (i, j) of every window lies on is one slice of the padded picture."""

from __future__ import annotations

import numpy as np

from xonet.language.shapes import Axis, Shape


def picture_shape(x: np.ndarray) -> Shape:
    """The shape of one picture of a batch."""
    return Shape(x.shape[1:])


def pad(x: np.ndarray, rows: Axis, columns: Axis, value: float = 0.0) -> np.ndarray:
    """A copy of `x` with a margin of `value` as wide as the windows reach: (pictures, height, width, channels)."""
    sides = [(axis.before, max(0, _end(axis) - axis.before - axis.input)) for axis in (rows, columns)]
    return np.pad(x, [(0, 0), *sides, (0, 0)], constant_values=value)


def unpad(padded: np.ndarray, rows: Axis, columns: Axis) -> np.ndarray:
    """The picture without its margin."""
    return padded[:, rows.before : rows.before + rows.input, columns.before : columns.before + columns.input]


def tap(padded: np.ndarray, rows: Axis, columns: Axis, i: int, j: int) -> np.ndarray:
    """What pixel (i, j) of each window lies on: a view (pictures, output rows, output columns, channels)."""
    return padded[:, _places(rows, i), _places(columns, j)]


def _places(axis: Axis, index: int) -> slice:
    start = index * axis.dilation
    return slice(start, start + (axis.output - 1) * axis.stride + 1, axis.stride)


def _end(axis: Axis) -> int:
    """Past the last tap of the last window, counted from the start of the padding."""
    return (axis.output - 1) * axis.stride + (axis.window - 1) * axis.dilation + 1
