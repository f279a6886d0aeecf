"""`conv_transpose2d`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make, refusal, run
from xonet.language.shapes import Shape
from xonet.layers import LAYERS

CASES = [
    ({"features": 3, "kernel_size": 3}, (4, 3, 2)),
    ({"features": 2, "kernel_size": 2, "stride": 2}, (3, 4, 3)),
    ({"features": 1, "kernel_size": 4, "stride": 2, "padding": 1}, (4, 3, 17)),
    ({"features": 3, "kernel_size": [3, 2], "stride": [2, 3], "padding": "same", "bias": False}, (3, 4, 1)),
    ({"features": 2, "kernel_size": 1, "stride": 3, "padding": "same"}, (2, 3, 2)),
    ({"features": 2, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1}, (3, 3, 2)),
    ({"features": 2, "kernel_size": 3, "padding": [[0, 2], [1, 0]], "dilation": [2, 1]}, (3, 4, 2)),
    ({"features": 2, "kernel_size": 3, "stride": [2, 3], "dilation": [3, 2], "output_padding": [2, 1]}, (3, 2, 3)),
    ({"features": 4, "kernel_size": 3, "groups": 2, "stride": 2}, (3, 2, 6)),
    ({"features": 6, "kernel_size": 2, "groups": 3, "padding": "same"}, (3, 2, 3)),
    ({"features": 17, "kernel_size": 3, "stride": 2, "padding": "same"}, (5, 4, 16)),
    ({"features": 5, "kernel_size": 1}, (2, 3, 20)),
]


def naive(layer, parameters, x):
    """Every value goes to every place that it reaches."""
    weights = parameters["weights"]
    height, width = length(layer, 0, x.shape[1]), length(layer, 1, x.shape[2])
    (top, left), own_features = before(layer), len(weights) // layer.groups
    y = np.zeros((len(x), height, width, len(weights)))
    for n, i, j, f, ki, kj, c in np.ndindex(*x.shape[:3], *weights.shape):
        row = i * layer.stride[0] + ki * layer.dilation[0] - top
        column = j * layer.stride[1] + kj * layer.dilation[1] - left
        if 0 <= row < height and 0 <= column < width:
            y[n, row, column, f] += weights[f, ki, kj, c] * x[n, i, j, f // own_features * weights.shape[-1] + c]
    return y + parameters.get("bias", 0)


def before(layer):
    """How much is taken off above and at the left."""
    if layer.padding == "valid":
        return 0, 0
    if layer.padding == "same":
        spans = [(k - 1) * d + 1 for k, d in zip(layer.kernel_size, layer.dilation, strict=True)]
        return tuple(max(0, span - stride) // 2 for span, stride in zip(spans, layer.stride, strict=True))
    return tuple(side[0] for side in layer.padding)


def length(layer, axis, size):
    """PyTorch's formula; Keras' for `same`."""
    if layer.padding == "same":
        return size * layer.stride[axis]
    taken = 0 if layer.padding == "valid" else sum(layer.padding[axis])
    spread = layer.dilation[axis] * (layer.kernel_size[axis] - 1)
    return (size - 1) * layer.stride[axis] - taken + spread + layer.output_padding[axis] + 1


def test_is_the_gradient_of_a_convolution():
    knobs = {"kernel_size": [3, 2], "stride": [2, 1], "padding": [[1, 0], [1, 1]], "dilation": [1, 2], "bias": False}
    there = make("conv2d", {"features": 4, **knobs})
    back = make("conv_transpose2d", {"features": 3, **knobs})
    rng = np.random.default_rng(0)
    x, weights = rng.normal(size=(2, 6, 5, 3)), rng.normal(size=(4, 3, 2, 3))
    how = run(False, 2)
    y = LAYERS.part(there, "reference").forward(there, {"weights": weights}, x, how)
    dy = rng.normal(size=y.shape)
    dx, _ = LAYERS.part(there, "reference").backward(there, {"weights": weights}, x, y, dy, how)
    own = {"weights": weights.transpose(3, 1, 2, 0)}
    np.testing.assert_allclose(LAYERS.part(back, "reference").forward(back, own, dy, how), dx, atol=1e-12)


def test_counts():
    layer = make("conv_transpose2d", {"features": 8, "kernel_size": 4, "groups": 2, "stride": 2, "padding": 1})
    shape = Shape((9, 7, 4))
    assert layer.output_shape(shape) == (18, 14, 8)
    assert {p.name: p.shape for p in layer.parameters(shape)} == {"weights": (8, 4, 4, 2), "bias": (8,)}
    weights = layer.parameters(shape)[0]
    assert (weights.fan_in, weights.fan_out) == (4 * 4 * 4, 4 * 4 * 2)
    assert layer.macs(shape) == 9 * 7 * 4 * 4 * 4 * 4
    assert layer.arithmetic(shape) == "(9 - 1) × 2 - 1 - 1 + 4 = 18, (7 - 1) × 2 - 1 - 1 + 4 = 14"


@pytest.mark.parametrize(
    ("knobs", "shape", "code", "knob", "message", "help"),
    [
        (
            {"features": 3, "kernel_size": 2},
            (4,),
            "needs-picture",
            "",
            "conv_transpose2d needs height × width × channels, but gets a row of 4 numbers",
            "remove conv_transpose2d, or put it before the layer that turns the picture into a row",
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
            {"features": 1, "kernel_size": 3, "padding": 3},
            (4, 3, 1),
            "empty-output",
            "padding",
            "the padding takes all of the output: (4 - 1) × 1 - 3 - 3 + 3 = 0, (3 - 1) × 1 - 3 - 3 + 3 = -1",
            "use less padding, or a larger kernel_size",
        ),
        (
            {"features": 1, "kernel_size": 3, "padding": "same", "stride": 2, "output_padding": [0, 1]},
            (4, 3, 1),
            "output-padding-mismatch",
            "output_padding",
            "padding: same says how large the output is, and leaves nothing to output_padding",
            "remove output_padding, or write padding as a number",
        ),
        (
            {"features": 1, "kernel_size": 3, "stride": 2, "dilation": 3, "output_padding": 3},
            (4, 3, 1),
            "output-padding-mismatch",
            "output_padding",
            "an output_padding of 3 adds pixels that no input reaches: it must be less than the stride, 2, or the "
            "dilation, 3",
            "use a smaller output_padding, or put a pad2d behind it",
        ),
    ],
)
def test_refuses(knobs, shape, code, knob, message, help):
    error = refusal("conv_transpose2d", knobs, shape)
    assert (error.code, error.knob, error.message, error.help) == (code, knob, message, help)
