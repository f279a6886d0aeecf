"""Layers of a `Resampling` in plain NumPy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xonet.language.shapes import Shape
from xonet.layers._resampling import Resampling
from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers._taps import picture_shape


def forward(layer: Resampling, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, rows, columns, channels of the output)."""
    shape = picture_shape(x)
    values = x.reshape(len(x), -1)
    y = np.zeros((len(x), layer.output_shape(shape).size), x.dtype)
    for to, come_from, weights in moves(layer, shape):
        y[:, to] += values[:, come_from] * weights.astype(x.dtype)
    return y.reshape(len(x), *layer.output_shape(shape))


def backward(
    layer: Resampling, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """Each value gets back what it gave, by the same weights."""
    gained = dy.reshape(len(dy), -1)
    dx = np.zeros((x[0].size, len(x)), x.dtype)
    for to, come_from, weights in moves(layer, picture_shape(x)):
        np.add.at(dx, come_from, (gained[:, to] * weights.astype(x.dtype)).T)
    return dx.T.reshape(x.shape), {}


def moves(layer: Resampling, shape: Shape) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Term by term, (numbers of values of y, of those of x, weights), each value of y once at most."""
    output = layer.output_shape(shape)
    i, j, c = np.ogrid[: output[0], : output[1], : output[2]]
    for row, column, channel, weight in layer.terms(shape, i, j, c):
        there = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
        there, number, weights = np.broadcast_arrays(
            there, (row * shape[1] + column) * shape.channels + channel, weight, subok=True
        )
        whole = [np.broadcast_to(array, output).ravel() for array in (there, number, weights)]
        to = np.flatnonzero(whole[0])
        yield to, whole[1][to], whole[2][to]
