"""`depthwise_conv2d`: naive loops and its cases."""

from __future__ import annotations

from tests.layers.contract import make
from tests.layers.test_conv2d import naive as naive_conv2d
from xonet.language.shapes import Shape

CASES = [
    ({"kernel_size": 3}, (5, 4, 2)),
    ({"kernel_size": [2, 3], "multiplier": 2, "stride": [1, 2], "padding": "same"}, (4, 5, 2)),
    ({"kernel_size": 2, "multiplier": 3, "dilation": 2, "padding": [1, 0], "bias": False}, (3, 4, 2)),
    ({"kernel_size": 2, "reduce": "mean"}, (3, 4, 3)),
    ({"kernel_size": 3, "padding": "same", "bias": False}, (4, 13, 2)),
    ({"kernel_size": 3, "padding": 1, "stride": 2}, (6, 10, 3)),
    ({"kernel_size": 3, "padding": 1, "stride": 2, "reduce": "mean"}, (5, 11, 2)),
    ({"kernel_size": 3, "padding": [[0, 2], [2, 3]], "stride": [1, 2], "bias": False}, (3, 17, 1)),
    ({"kernel_size": 5, "padding": "same"}, (4, 9, 2)),
    ({"kernel_size": 5, "padding": [1, 3], "stride": 2}, (7, 12, 2)),
    ({"kernel_size": [2, 3], "padding": [2, 0], "stride": [3, 1], "dilation": [3, 1]}, (7, 3, 2)),
    ({"kernel_size": [4, 5], "stride": [3, 2], "dilation": [2, 1], "padding": "same"}, (9, 6, 1)),
    ({"kernel_size": [1, 3], "stride": [2, 1], "padding": [1, 0]}, (3, 5, 2)),
    # rows that are looked at first by a later window than rows below them
    ({"kernel_size": 3, "padding": 1, "dilation": [2, 1]}, (7, 6, 2)),
    ({"kernel_size": [5, 3], "padding": [3, 1], "dilation": [3, 1]}, (11, 5, 1)),
    ({"kernel_size": [3, 5], "padding": [[3, 1], [0, 0]], "dilation": [4, 1], "stride": [3, 2]}, (14, 9, 2)),
    ({"kernel_size": [4, 3], "padding": "same", "dilation": [2, 1], "bias": False}, (8, 4, 3)),
]


def naive(layer, parameters, x):
    """Each feature looks at one channel."""
    return naive_conv2d(layer, parameters, x, groups=x.shape[-1])


def test_counts():
    layer = make("depthwise_conv2d", {"kernel_size": 3, "multiplier": 2})
    shape = Shape((5, 6, 4))
    assert layer.output_shape(shape) == (3, 4, 8)
    assert {p.name: p.shape for p in layer.parameters(shape)} == {"weights": (8, 3, 3, 1), "bias": (8,)}
    assert layer.macs(shape) == 3 * 4 * 8 * 9
