"""How parameters begin: defaults, literals, constants, and that names decide what is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.engine.parameters import initial_parameters
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.layers._defaults import default_initializer
from xonet.layers._graph import Trace, Value

CONV = {"conv2d": {"features": 3, "kernel_size": 2}}


def operations(layers, shape=(6, 6, 2)):
    trace = Trace()
    trace.through([LAYERS.make(layer) for layer in layers], Value(Shape(shape)), "layers")
    return trace.operations


@pytest.mark.parametrize(
    ("behind", "word"),
    [
        (["relu"], "he_normal"),
        (["leaky_relu"], "he_normal"),
        (["batch_norm", {"dropout": {"rate": 0.5}}, {"max_pool2d": {"window": 2}}, "flatten", "relu"], "he_normal"),
        ([{"residual": {"layers": ["batch_norm"]}}, "relu"], "he_normal"),
        ([{"branches": {"paths": [["sigmoid"], ["relu"]]}}], "he_normal"),
        ([], "glorot_uniform"),
        (["tanh", "relu"], "glorot_uniform"),
        ([{"scale": {"factor": 2}}, "gelu"], "he_normal"),
        (["prelu", "tanh"], "he_normal"),
        (["batch_norm", "selu"], "lecun_normal"),
        (["softsign"], "glorot_uniform"),
        ([{"dense": {"units": 2}}, "relu"], "glorot_uniform"),
        ([{"repeat": {"times": 2, "layers": ["batch_norm"]}}, "softmax"], "glorot_uniform"),
    ],
)
def test_default_initializer(behind, word):
    assert type(default_initializer(operations([CONV, *behind])[0])) is type(_initializer(word))


def _initializer(word):
    from xonet.initializers import INITIALIZERS

    return INITIALIZERS.make(word)


def test_names_shapes_and_types():
    begun = initial_parameters(operations([CONV, "batch_norm", {"dense": {"units": 2, "name": "votes"}}]), 0)
    assert {name: array.shape for name, array in begun.items()} == {
        "layers.0.weights": (3, 2, 2, 2),
        "layers.0.bias": (3,),
        "layers.1.scale": (3,),
        "layers.1.shift": (3,),
        "layers.1.mean": (3,),
        "layers.1.variance": (3,),
        "votes.weights": (2, 75),
        "votes.bias": (2,),
    }
    assert {array.dtype for array in begun.values()} == {np.dtype(np.float32)}
    assert (begun["layers.1.variance"] == 1).all() and (begun["votes.bias"] == 0).all()
    assert all(array.flags.writeable for array in begun.values())


def test_what_is_drawn_depends_on_seed_and_name_only():
    alone = initial_parameters(operations([CONV]), 0, np.float64)
    among = initial_parameters(operations([CONV, {"dense": {"units": 2}}]), 0, np.float64)
    other = initial_parameters(operations([CONV]), 1, np.float64)
    np.testing.assert_array_equal(alone["layers.0.weights"], among["layers.0.weights"])
    assert (alone["layers.0.weights"] != other["layers.0.weights"]).all()


def test_rounds_of_a_repeat_differ():
    begun = initial_parameters(operations([{"repeat": {"times": 2, "layers": [{"dense": {"units": 72}}]}}]), 0)
    assert (begun["layers.0.repeat.layers.0.0.weights"] != begun["layers.0.repeat.layers.0.1.weights"]).any()


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ([[[1, -1], [2, 3]]], [[[[1], [-1]], [[2], [3]]]]),
        ([[1, -1], [2, 3]], [[[[1], [-1]], [[2], [3]]]]),
        (0.25, [[[[0.25], [0.25]], [[0.25], [0.25]]]]),
    ],
)
def test_literals(literal, expected):
    knobs = {"features": 1, "kernel_size": 2, "weights": literal, "bias": [7]}
    begun = initial_parameters(operations([{"conv2d": knobs}], (3, 3, 1)), 0)
    np.testing.assert_array_equal(begun["layers.0.weights"], expected)
    assert begun["layers.0.bias"].tolist() == [7]


def test_a_written_initializer_wins():
    begun = initial_parameters(operations([{"dense": {"units": 2, "init": {"constant": {"value": 5}}}}, "relu"]), 0)
    assert (begun["layers.0.weights"] == 5).all()
