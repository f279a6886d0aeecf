"""`conv_transpose2d` in plain NumPy: for each pixel of the features, where it lands is one slice of the output."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers._taps import pad, picture_shape, tap, unpad
from xonet.layers.conv_transpose2d import ConvTranspose2d


def forward(layer: ConvTranspose2d, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, height, width, channels) to (pictures, rows, columns, features)."""
    weights = parameters["weights"]
    rows, columns = layer.axes(picture_shape(x))
    padded = pad(np.zeros((len(x), rows.input, columns.input, layer.features), x.dtype), rows, columns)
    for i, j, features, channels in _steps(layer, weights):
        tap(padded, rows, columns, i, j)[..., features] += x[..., channels] @ weights[features, i, j].T
    y = unpad(padded, rows, columns)
    return y + parameters["bias"] if "bias" in parameters else y.copy()


def backward(
    layer: ConvTranspose2d, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradients of x, `weights` and `bias`."""
    weights = parameters["weights"]
    rows, columns = layer.axes(picture_shape(x))
    padded = pad(dy, rows, columns)
    dx, dweights = np.zeros_like(x), np.zeros_like(weights)
    for i, j, features, channels in _steps(layer, weights):
        told = tap(padded, rows, columns, i, j)[..., features]
        dx[..., channels] += told @ weights[features, i, j]
        dweights[features, i, j] = np.tensordot(told, x[..., channels], axes=([0, 1, 2], [0, 1, 2]))
    gradients = {"weights": dweights}
    if "bias" in parameters:
        gradients["bias"] = dy.sum(axis=(0, 1, 2))
    return dx, gradients


def _steps(layer: ConvTranspose2d, weights: np.ndarray) -> Iterator[tuple[int, int, slice, slice]]:
    """Each pixel of a feature in each group, with the group's features and channels."""
    own_features, own_channels = layer.features // layer.groups, weights.shape[-1]
    for group in range(layer.groups):
        features = slice(group * own_features, (group + 1) * own_features)
        channels = slice(group * own_channels, (group + 1) * own_channels)
        for i in range(layer.kernel_size[0]):
            for j in range(layer.kernel_size[1]):
                yield i, j, features, channels
