"""`conv2d`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make, parameters, refusal, run
from tests.layers.windows import sides, starts
from xonet.language.shapes import Shape
from xonet.layers import LAYERS

CASES = [
    ({"features": 3, "kernel_size": 3}, (5, 4, 2)),
    ({"features": 2, "kernel_size": [2, 3], "stride": [2, 1], "bias": False}, (5, 6, 1)),
    ({"features": 2, "kernel_size": 3, "padding": "same", "stride": 2}, (6, 5, 2)),
    ({"features": 2, "kernel_size": 2, "padding": "same"}, (3, 4, 1)),
    ({"features": 2, "kernel_size": [3, 2], "padding": [[0, 2], [1, 0]]}, (4, 3, 2)),
    ({"features": 2, "kernel_size": 1, "padding": 2, "stride": 3}, (3, 4, 2)),
    ({"features": 2, "kernel_size": 3, "dilation": [1, 2], "padding": 1}, (4, 6, 2)),
    ({"features": 4, "kernel_size": 2, "groups": 2}, (3, 4, 6)),
    ({"features": 3, "kernel_size": 2, "dilation": 3, "groups": 3, "padding": "same", "stride": 2}, (5, 6, 3)),
    ({"features": 2, "kernel_size": 3, "reduce": "mean"}, (4, 5, 2)),
    ({"features": 3, "kernel_size": 3, "dilation": [2, 1], "groups": 3, "padding": 1}, (7, 6, 3)),
]


def naive(layer, parameters, x, groups=None):
    """Seven loops: pictures, places, features, and the pixels and channels a feature has."""
    groups = groups or layer.groups
    weights = parameters["weights"]
    (kh, kw), (dh, dw) = layer.kernel_size, layer.dilation
    pad_rows, pad_columns = sides(layer.padding)
    tops, _ = starts(x.shape[1], kh, layer.stride[0], pad_rows, dh)
    lefts, _ = starts(x.shape[2], kw, layer.stride[1], pad_columns, dw)
    y = np.zeros((len(x), len(tops), len(lefts), len(weights)))
    for n, i, j, f in np.ndindex(y.shape):
        group = f // (len(weights) // groups)
        total = 0.0
        for ki, kj, c in np.ndindex(weights.shape[1:]):
            row, column = tops[i] + ki * dh, lefts[j] + kj * dw
            if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
                total += weights[f, ki, kj, c] * x[n, row, column, group * weights.shape[-1] + c]
        if layer.reduce == "mean":
            total /= kh * kw
        y[n, i, j, f] = total + (parameters["bias"][f] if "bias" in parameters else 0)
    return y


def test_is_a_cross_correlation():
    """The feature is laid on the picture as it is, not turned around."""
    layer = make("conv2d", {"features": 1, "kernel_size": [1, 2], "bias": False})
    x = np.array([[1.0, 2.0, 4.0]]).reshape(1, 1, 3, 1)
    own = {"weights": np.array([10.0, 1.0]).reshape(1, 1, 2, 1)}
    y = LAYERS.part(layer, "reference").forward(layer, own, x, run(False, 1))
    assert y.ravel().tolist() == [12, 24]


def test_counts():
    layer = make("conv2d", {"features": 8, "kernel_size": 3, "groups": 2, "dilation": 2})
    shape = Shape((9, 7, 4))
    assert layer.output_shape(shape) == (5, 3, 8)
    assert {p.name: p.shape for p in layer.parameters(shape)} == {"weights": (8, 3, 3, 2), "bias": (8,)}
    weights = layer.parameters(shape)[0]
    assert (weights.fan_in, weights.fan_out) == (18, 36)
    assert layer.macs(shape) == 5 * 3 * 8 * 3 * 3 * 2
    assert layer.reach(shape) == ((5, 5), (1, 1))
    assert layer.arithmetic(shape) == "9 - 5 + 1 = 5, 7 - 5 + 1 = 3"


def test_no_bias_means_no_parameter():
    layer = make("conv2d", {"features": 1, "kernel_size": 1, "bias": False})
    assert list(parameters(layer, (2, 2, 1))) == ["weights"]


@pytest.mark.parametrize(
    ("knobs", "shape", "code", "knob", "message", "help"),
    [
        (
            {"features": 1, "kernel_size": 9},
            (7, 8, 3),
            "empty-output",
            "kernel_size",
            "a 9 × 9 window does not fit into 7 × 8 × 3",
            "use a kernel size of 7 or less",
        ),
        (
            {"features": 1, "kernel_size": 3, "dilation": 4},
            (8, 8, 1),
            "empty-output",
            "kernel_size",
            "a 3 × 3 window spread over 9 × 9 pixels does not fit into 8 × 8 × 1",
            "use a kernel size of 2 or less, or a smaller dilation",
        ),
        (
            {"features": 4, "kernel_size": 1, "groups": 2},
            (4, 4, 3),
            "groups-mismatch",
            "groups",
            "3 channels cannot be split into 2 groups",
            "use a number of groups that divides 3 channels and 4 features",
        ),
        (
            {"features": 3, "kernel_size": 1, "groups": 2},
            (4, 4, 4),
            "groups-mismatch",
            "groups",
            "3 features cannot be split into 2 groups",
            "use a number of groups that divides 4 channels and 3 features",
        ),
        (
            {"features": 3, "kernel_size": 1},
            (4,),
            "needs-picture",
            "",
            "conv2d needs height × width × channels, but gets a row of 4 numbers",
            "remove conv2d, or put it before the layer that turns the picture into a row",
        ),
        (
            {"features": 3, "kernel_size": 3, "weights": [[1, 2], [3, 4]]},
            (4, 4, 1),
            "literal-shape",
            "weights",
            "weights must be 3 × 3 × 3 numbers, but these are 2 × 2",
            "write 3 × 3 × 3 numbers, as nested lists, the first length outermost",
        ),
        (
            {"features": 1, "kernel_size": 2, "weights": [[1, 2], [3]]},
            (4, 4, 1),
            "literal-shape",
            "weights",
            "weights must be 2 × 2 numbers, but neighbouring lists differ in length here",
            "write 2 × 2 numbers, as nested lists, the first length outermost",
        ),
        (
            {"features": 2, "kernel_size": 1, "bias": [1, 2, 3]},
            (4, 4, 1),
            "literal-shape",
            "bias",
            "bias must be 2 numbers, but these are 3",
            "write 2 numbers",
        ),
    ],
)
def test_refuses(knobs, shape, code, knob, message, help):
    error = refusal("conv2d", knobs, shape)
    assert (error.code, error.knob, error.message, error.help) == (code, knob, message, help)
