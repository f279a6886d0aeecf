"""The reference of both convolutions: one matrix product for each pixel of the features."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xonet.layers._convolution import Convolution
from xonet.layers._run import Gradients, Parameters
from xonet.layers._taps import pad, picture_shape, tap, unpad


def convolve(layer: Convolution, parameters: Parameters, x: np.ndarray, groups: int) -> np.ndarray:
    """Every feature at every place: (pictures, height, width, channels) to (pictures, rows, columns, features)."""
    weights = parameters["weights"]
    rows, columns = layer.axes(picture_shape(x))
    padded = pad(x, rows, columns)
    y = np.zeros((len(x), rows.output, columns.output, len(weights)), x.dtype)
    for i, j, features, channels in _steps(layer, weights, groups):
        y[..., features] += tap(padded, rows, columns, i, j)[..., channels] @ weights[features, i, j].T
    if layer.reduce == "mean":
        y /= layer.area
    return y + parameters["bias"] if "bias" in parameters else y


def convolve_backward(
    layer: Convolution, parameters: Parameters, x: np.ndarray, dy: np.ndarray, groups: int
) -> Gradients:
    """What each output says, `dy`, goes back to the pixels it saw and to the weights it used."""
    weights = parameters["weights"]
    rows, columns = layer.axes(picture_shape(x))
    padded = pad(x, rows, columns)
    dpadded, dweights = np.zeros_like(padded), np.zeros_like(weights)
    dmatch = dy / layer.area if layer.reduce == "mean" else dy
    for i, j, features, channels in _steps(layer, weights, groups):
        seen, told = tap(padded, rows, columns, i, j)[..., channels], dmatch[..., features]
        tap(dpadded, rows, columns, i, j)[..., channels] += told @ weights[features, i, j]
        dweights[features, i, j] = np.tensordot(told, seen, axes=([0, 1, 2], [0, 1, 2]))
    gradients = {"weights": dweights}
    if "bias" in parameters:
        gradients["bias"] = dy.sum(axis=(0, 1, 2))
    return unpad(dpadded, rows, columns), gradients


def _steps(layer: Convolution, weights: np.ndarray, groups: int) -> Iterator[tuple[int, int, slice, slice]]:
    """Each pixel of a feature in each group, with the group's features and channels."""
    features, channels = len(weights) // groups, weights.shape[-1]
    for group in range(groups):
        for i in range(layer.kernel_size[0]):
            for j in range(layer.kernel_size[1]):
                yield (
                    i,
                    j,
                    slice(group * features, (group + 1) * features),
                    slice(group * channels, (group + 1) * channels),
                )
