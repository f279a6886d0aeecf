"""`branches`: naive loops, its cases, what it leaves in the graph, its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make
from xonet.language.shapes import Shape, ShapeError
from xonet.layers._graph import Trace, Value

CASES = [
    ({"paths": [[], [], []]}, [(2, 3, 2), (2, 3, 1), (2, 3, 4)]),
    ({"paths": [[], []]}, [(2,), (3,)]),
    ({"paths": [[], []], "merge": "add"}, [(2, 3, 2), (2, 3, 2)]),
    ({"paths": [[], [], []], "merge": "mean"}, [(4,), (4,), (4,)]),
]


def naive(layer, parameters, x):
    """Channels one after another, or value by value."""
    if layer.merge == "concat":
        y = np.zeros((*x[0].shape[:-1], sum(path.shape[-1] for path in x)))
        for place in np.ndindex(y.shape[:-1]):
            y[place] = [value for path in x for value in path[place]]
        return y
    total = np.zeros_like(x[0])
    for place in np.ndindex(total.shape):
        total[place] = sum(path[place] for path in x) / (len(x) if layer.merge == "mean" else 1)
    return total


def conv(features, size=1):
    return {"conv2d": {"features": features, "kernel_size": size}}


def test_joins_all_paths():
    trace = Trace()
    y = trace.through([make("branches", {"paths": [[conv(3), "relu"], []]})], Value(Shape((4, 5, 2))), "layers")
    assert y.shape == (4, 5, 5)
    assert [operation.path for operation in trace.operations] == [
        "layers.0.branches.paths.0.0",
        "layers.0.branches.paths.0.1",
        "layers.0",
    ]


@pytest.mark.parametrize(
    ("knobs", "message", "help"),
    [
        (
            {"paths": [[conv(3, 3)], []]},
            "path 0 outputs 2 × 3 × 3, and path 1 4 × 5 × 2: only channels may differ",
            "give all paths the same height and width, for example with `padding: same` and equal strides",
        ),
        (
            {"paths": [[conv(3)], []], "merge": "add"},
            "path 0 outputs 4 × 5 × 3, and path 1 4 × 5 × 2: add needs the same shape",
            "make all paths output 4 × 5 × 3, or use `merge: concat`",
        ),
        (
            {"paths": [[conv(3, 3)], []], "merge": "mean"},
            "path 0 outputs 2 × 3 × 3, and path 1 4 × 5 × 2: mean needs the same shape",
            "make all paths output 2 × 3 × 3",
        ),
        (
            {"paths": [["global_avg_pool2d"], []]},
            "path 0 outputs 2, and path 1 4 × 5 × 2: only channels may differ",
            "give all paths the same height and width, for example with `padding: same` and equal strides",
        ),
    ],
)
def test_refuses(knobs, message, help):
    with pytest.raises(ShapeError) as caught:
        Trace().through([make("branches", knobs)], Value(Shape((4, 5, 2))), "layers")
    error = caught.value
    assert (error.code, error.knob, error.message, error.help) == ("merge-mismatch", "paths", message, help)
