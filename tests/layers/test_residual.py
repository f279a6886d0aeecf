"""`residual`: naive loops, its cases, what it leaves in the graph, its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make
from xonet.language.shapes import Shape, ShapeError
from xonet.layers._graph import Trace, Value

CASES = [({"layers": ["relu"]}, [(2, 3, 2), (2, 3, 2)]), ({"layers": ["relu"]}, [(4,), (4,)])]


def naive(layer, parameters, x):
    """The sum, value by value."""
    return np.array([way + short for way, short in zip(x[0].ravel(), x[1].ravel(), strict=True)]).reshape(x[0].shape)


def conv(features, size=3, **knobs):
    return {"conv2d": {"features": features, "kernel_size": size, **knobs}}


def test_joins_both_ways():
    trace, x = Trace(), Value(Shape((5, 6, 2)))
    block = make("residual", {"layers": [conv(4, padding="same"), "relu"], "shortcut": [conv(4, 1)]})
    y = trace.through([block], x, "layers")
    assert [operation.path for operation in trace.operations] == [
        "layers.0.residual.layers.0",
        "layers.0.residual.layers.1",
        "layers.0.residual.shortcut.0",
        "layers.0",
    ]
    assert y.shape == (5, 6, 4)
    assert y.receptive_field == (3, 3)
    assert [value.producer.index for value in y.producer.inputs] == [1, 2]


def test_an_empty_shortcut_is_the_input():
    trace, x = Trace(), Value(Shape((5, 6, 2)))
    y = trace.through([make("residual", {"layers": ["relu"]})], x, "layers")
    assert y.producer.inputs[1] is x


def test_refuses_two_shapes():
    with pytest.raises(ShapeError) as caught:
        Trace().through([make("residual", {"layers": [conv(4)]})], Value(Shape((5, 6, 2))), "layers")
    assert caught.value.code == "merge-mismatch"
    assert caught.value.knob == "layers"
    assert caught.value.message == "the layers output 3 × 4 × 4, and the shortcut 5 × 6 × 2: they cannot be added"
    assert "1 × 1 conv2d of 4 features" in caught.value.help


def test_both_ways_are_checked():
    trace = Trace()
    with pytest.raises(ShapeError):
        trace.through(
            [make("residual", {"layers": [conv(4, 9)], "shortcut": [conv(4, 8)]})], Value(Shape((5, 6, 2))), "layers"
        )
    assert [error.message for _, error, _ in trace.shape_errors] == [
        "a 9 × 9 window does not fit into 5 × 6 × 2",
        "an 8 × 8 window does not fit into 5 × 6 × 2",
    ]
