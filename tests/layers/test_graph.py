"""What a tree of layers unfolds to: places, receptive fields, and where it stops."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import run
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import LAYERS
from xonet.layers._graph import Trace, Value


def trace(*layers, shape=(12, 16, 1)):
    """The operations of a network."""
    traced = Trace()
    traced.through([LAYERS.make(layer) for layer in layers], Value(Shape(shape)), "layers")
    return traced.operations


def conv(size, **knobs):
    return {"conv2d": {"features": 2, "kernel_size": size, **knobs}}


def test_receptive_fields_grow_by_the_distance_of_neighbours():
    operations = trace(conv(3), {"max_pool2d": {"window": 2}}, conv([3, 1]), conv(2, dilation=2), "flatten")
    assert [operation.output.receptive_field for operation in operations] == [
        (3, 3),
        (4, 4),
        (8, 4),
        (12, 8),
        (12, 16),
    ]
    assert [operation.output.jump for operation in operations[:2]] == [(1, 1), (2, 2)]


UP = {"upsample2d": {"scale": 2}}
MIXED = {"upsample2d": {"scale": [2, 3], "mode": "bilinear"}}
MEAN = {"avg_pool2d": {"window": 2}}
LARGER = [
    [UP, conv(2)],
    [UP, conv(3)],
    [UP, UP, conv(4)],
    [MIXED],
    [MIXED, conv(3)],
    [{"conv_transpose2d": {"features": 1, "kernel_size": [3, 4], "stride": 2}}, conv(2)],
    [{"conv_transpose2d": {"features": 1, "kernel_size": [2, 5], "stride": [2, 3], "dilation": [3, 1]}}, conv(3)],
    [{"conv2d": {"features": 4, "kernel_size": 2}}, {"depth_to_space": {"block": 2}}, conv([3, 2])],
    [{"space_to_depth": {"block": 2}}, conv(2)],
    [{"pad2d": {"padding": 1}}, {"crop2d": {"crop": 2}}, conv(2)],
]


@pytest.mark.parametrize("layers", LARGER, ids=str)
def test_receptive_fields_behind_layers_that_make_a_picture_larger(layers):
    """The most that any value sees, found by walking back from each."""
    operations = trace(*layers, shape=(12, 12, 1))
    seen = [walked_back(operations, i, j) for i, j in np.ndindex(*operations[-1].output.shape[:2])]
    assert operations[-1].output.receptive_field == tuple(np.max(seen, axis=0))


@pytest.mark.parametrize("layers", [[UP, MEAN], [conv(2), MEAN, MIXED, conv(2)]], ids=str)
def test_a_receptive_field_may_be_less_than_said_where_strides_meet_larger_pictures(layers):
    operations = trace(*layers, shape=(12, 12, 1))
    seen = [walked_back(operations, i, j) for i, j in np.ndindex(*operations[-1].output.shape[:2])]
    assert (np.max(seen, axis=0) <= operations[-1].output.receptive_field).all()


def walked_back(operations, i, j):
    """Rows and columns of the input from the first to the last that the value at (i, j) depends on."""
    dx = np.zeros((1, *operations[-1].output.shape))
    dx[0, i, j] = 1
    for operation in reversed(operations):
        x = np.ones((1, *operation.inputs[0].shape))
        own = {p.name: np.ones(p.shape) for p in operation.parameters}
        reference = LAYERS.part(operation.layer, "reference")
        dx, _ = reference.backward(operation.layer, own, x, None, dx, run(False, 1))
    places = np.argwhere(dx[0].any(axis=-1))
    return tuple((places.max(axis=0) - places.min(axis=0) + 1).tolist())


@pytest.mark.parametrize("last", ["global_avg_pool2d", {"dense": {"units": 2}}, "flatten"])
def test_a_row_has_seen_the_whole_picture(last):
    assert trace(conv(3), last)[-1].output.receptive_field == (12, 16)


def test_a_meeting_of_ways_has_seen_what_the_widest_way_has():
    operations = trace({"branches": {"paths": [[conv(5, padding="same")], [conv(1)]]}})
    assert operations[-1].output.receptive_field == (5, 5)


def test_labels_replace_places():
    block = {"residual": {"name": "block", "layers": [conv(1, name="first"), conv(1)], "shortcut": [conv(1)]}}
    assert [operation.path for operation in trace(block, conv(1))] == [
        "first",
        "block.residual.layers.1",
        "block.residual.shortcut.0",
        "block",
        "layers.1",
    ]


def test_a_shape_error_is_written_down_once_with_the_layer_and_its_input():
    traced, wrong = Trace(), LAYERS.make(conv(40))
    outer = LAYERS.make({"repeat": {"times": 2, "layers": [{"residual": {"layers": ["relu", wrong]}}]}})
    with pytest.raises(ShapeError):
        traced.through([outer, LAYERS.make("relu")], Value(Shape((12, 16, 1))), "layers")
    [(layer, error, value)] = traced.shape_errors
    assert layer is wrong
    assert error.code == "empty-output"
    assert value.shape == (12, 16, 1)
    assert value.producer is traced.operations[-1]


def test_what_unfolds_without_end_is_refused():
    traced, rounds = Trace(), {"repeat": {"times": 10**9, "layers": ["relu"]}}
    with pytest.raises(ShapeError) as caught:
        traced.through([LAYERS.make({"repeat": {"times": 10**9, "layers": [rounds]}})], Value(Shape((3,))), "layers")
    assert caught.value.code == "too-many-layers"
    assert len(traced.operations) == 5000
