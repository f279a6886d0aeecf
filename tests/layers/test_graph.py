"""What a tree of layers unfolds to: places, receptive fields, and where it stops."""

from __future__ import annotations

import pytest

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
