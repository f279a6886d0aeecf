"""Layers with more channels than a vector holds: whole vectors and more than that, groups of them, and what is left.

The cases beside the layers are small, so that loops and central differences can be had of them.
"""

from __future__ import annotations

import pytest

from tests.engine import test_single
from tests.engine.test_native import compare, traced
from xonet.layers import LAYERS

LAYERS_AND_SHAPES = [
    ({"conv2d": {"features": 5, "kernel_size": [2, 3], "padding": 1}}, (6, 7, 17)),
    ({"conv2d": {"features": 3, "kernel_size": 3, "stride": 2, "padding": "same"}}, (6, 7, 35)),
    ({"conv2d": {"features": 4, "kernel_size": 2, "groups": 2, "bias": False}}, (5, 6, 34)),
    ({"conv2d": {"features": 20, "kernel_size": 3, "dilation": 2, "padding": 1, "reduce": "mean"}}, (7, 6, 16)),
    ({"conv2d": {"features": 70, "kernel_size": [1, 4], "stride": [2, 1]}}, (4, 9, 48)),
    ({"conv2d": {"features": 33, "kernel_size": [5, 2], "padding": [[2, 0], [0, 1]], "dilation": [1, 3]}}, (6, 8, 15)),
    ({"conv2d": {"features": 34, "kernel_size": 1, "stride": 2}}, (5, 6, 33)),
    ({"conv2d": {"features": 18, "kernel_size": 7, "padding": 3}}, (8, 9, 1)),
    ({"depthwise_conv2d": {"kernel_size": 5, "stride": 2, "padding": 2}}, (9, 11, 20)),
    ({"depthwise_conv2d": {"kernel_size": 3, "padding": 1, "reduce": "mean"}}, (5, 12, 33)),
    ({"depthwise_conv2d": {"kernel_size": [4, 3], "padding": [[1, 2], [0, 2]], "dilation": [2, 1]}}, (9, 6, 17)),
    ({"depthwise_conv2d": {"kernel_size": 2, "stride": [1, 3]}}, (4, 9, 16)),
    ({"depthwise_conv2d": {"kernel_size": 3, "bias": False}}, (5, 10, 17)),
    ({"depthwise_conv2d": {"kernel_size": 5, "padding": [[0, 0], [4, 0]]}}, (7, 12, 18)),
    ({"depthwise_conv2d": {"kernel_size": [2, 5], "stride": 2}}, (6, 20, 16)),
    ({"dense": {"units": 70}}, (301,)),
    ({"dense": {"units": 33, "bias": False}}, (16,)),
    ("batch_norm", (3, 4, 33)),
    ("layer_norm", (3, 4, 33)),
    ("layer_norm", (100,)),
    ({"layer_norm": {"axes": "channels"}}, (5, 4, 35)),
    ({"rms_norm": {"axes": "channels", "shift": True}}, (3, 4, 48)),
    ({"group_norm": {"groups": 4}}, (9, 4, 36)),
    ({"group_norm": {"groups": 1}}, (3, 5, 40)),
    ({"instance_norm": {"scale": True, "shift": True}}, (5, 4, 35)),
    ({"local_response_norm": {"size": 5, "alpha": 0.3}}, (3, 4, 35)),
    ({"local_response_norm": {"size": 3, "alpha": 0.3, "region": "within"}}, (7, 6, 18)),
    ({"max_pool2d": {"window": [3, 2], "stride": [2, 1], "padding": [1, 0]}}, (6, 7, 17)),
    ({"avg_pool2d": {"window": 3, "stride": 2, "padding": 1}}, (6, 7, 33)),
    ("global_max_pool2d", (5, 4, 35)),
    ("global_avg_pool2d", (5, 4, 35)),
    ("softmax", (3, 2, 35)),
    ("softmax", (48,)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS_AND_SHAPES, ids=str)
@pytest.mark.parametrize("pictures", [3, 35])
@pytest.mark.parametrize("threads", [1, 4])
def test_in_groups(layer, shape, pictures, threads):
    size = shape[-1]
    before = {"conv2d": {"features": size, "kernel_size": 1}} if len(shape) == 3 else {"dense": {"units": size}}
    compare(traced([LAYERS.make(before), LAYERS.make(layer)], shape), pictures, threads)


@pytest.mark.parametrize(("layer", "shape"), LAYERS_AND_SHAPES, ids=str)
def test_one_by_one(layer, shape, monkeypatch):
    test_single.share_rows(monkeypatch)
    operations = traced([LAYERS.make("tanh"), LAYERS.make(layer)], shape)
    test_single.compare(operations, alone=not test_single.in_several_groups(operations[1].layer))
