"""`branches`: naive loops, its cases, what it leaves in the graph, its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make, run
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import LAYERS
from xonet.layers._graph import Trace, Value

PRODUCTS = [
    [(2, 3, 2), (2, 3, 2)],
    [(2, 3, 4), (4,)],
    [(1, 1, 4), (2, 3, 4)],
    [(2, 3, 1), (2, 3, 4)],
    [(2, 3, 4), (1, 1, 1), (1,)],
    [(2, 3, 1), (4,), (2, 3, 4)],
    [(2, 3, 1), (3,)],
    [(4,), (1,), (4,)],
    [(1, 1, 3), (3,)],
]
CASES = [
    ({"paths": [[], [], []]}, [(2, 3, 2), (2, 3, 1), (2, 3, 4)]),
    ({"paths": [[], []]}, [(2,), (3,)]),
    ({"paths": [[], []], "merge": "add"}, [(2, 3, 2), (2, 3, 2)]),
    ({"paths": [[], [], []], "merge": "mean"}, [(4,), (4,), (4,)]),
    *(({"paths": [[]] * len(shapes), "merge": "multiply"}, shapes) for shapes in PRODUCTS),
    ({"paths": [[], []], "merge": "max"}, [(2, 3, 2), (2, 3, 2)]),
    ({"paths": [[], [], []], "merge": "max"}, [(4,), (4,), (4,)]),
]


def naive(layer, parameters, x):
    """Channels one after another, or value by value."""
    if layer.merge == "concat":
        y = np.zeros((*x[0].shape[:-1], sum(path.shape[-1] for path in x)))
        for place in np.ndindex(y.shape[:-1]):
            y[place] = [value for path in x for value in path[place]]
        return y
    if layer.merge == "multiply":
        y = np.ones((len(x[0]), *layer.join_shape([Shape(path.shape[1:]) for path in x])))
        for place in np.ndindex(y.shape):
            for path in x:
                y[place] *= path[own_place(place, path.shape)]
        return y
    total = np.zeros_like(x[0])
    if layer.merge == "max":
        for place in np.ndindex(total.shape):
            total[place] = max(path[place] for path in x)
        return total
    for place in np.ndindex(total.shape):
        total[place] = sum(path[place] for path in x) / (len(x) if layer.merge == "mean" else 1)
    return total


def own_place(place, shape):
    """Where a path of a product has the number for a place of the output."""
    picture, *_, channel = place
    inner = (channel,) if len(shape) == 2 else place[1:]
    return (picture, *(0 if length == 1 else number for number, length in zip(inner, shape[1:], strict=True)))


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
            {"paths": [[conv(3)], [], ["global_avg_pool2d"]], "merge": "multiply"},
            "path 1 outputs 4 × 5 × 2, which cannot be spread over 4 × 5 × 3",
            "make path 1 output 4 × 5 × 3, or 1 × 1 pixels, or 1 channel",
        ),
        (
            {"paths": [[conv(2, 3)], []], "merge": "multiply"},
            "path 0 outputs 2 × 3 × 2, which cannot be spread over 4 × 5 × 2",
            "make path 0 output 4 × 5 × 2, or 1 × 1 pixels, or 1 channel",
        ),
        (
            {"paths": [["global_avg_pool2d"], []], "merge": "max"},
            "path 0 outputs 2, and path 1 4 × 5 × 2: max needs the same shape",
            "make all paths output 2",
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


@pytest.mark.parametrize("paths", [2, 3])
def test_paths_that_share_the_largest_value_share_its_gradient(paths):
    layer = make("branches", {"paths": [[]] * paths, "merge": "max"})
    x = [np.array([[1.0, 2, 5]])] + [np.array([[1.0, 3, 4]]) for _ in range(paths - 1)]
    reference = LAYERS.part(layer, "reference")
    y = reference.forward(layer, {}, x, run(True, 1))
    dx, _ = reference.backward(layer, {}, x, y, np.array([[6.0, 6, 6]]), run(True, 1))
    each = 6 / (paths - 1)
    assert [list(way[0]) for way in dx] == [[6 / paths, 0, 6]] + [[6 / paths, each, 0]] * (paths - 1)
