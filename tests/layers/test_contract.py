"""Every layer keeps to the contract of its family; the layers and their cases are found, not listed."""

from __future__ import annotations

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from tests.layers.contract import assert_close, inputs, make, naive, output_shape, parameters, run, slope
from tests.members import cases, has_tests, own_tests
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.network.schema import schema

EVERY_CASE = pytest.mark.parametrize(("word", "knobs", "shape"), cases(LAYERS))


@pytest.mark.parametrize("word", LAYERS.members)
def test_has_cases_and_a_reference(word):
    assert has_tests(LAYERS, word), f"add tests/layers/test_{word}.py with CASES and naive"
    try:
        LAYERS.part(LAYERS.members[word], "reference")
    except ModuleNotFoundError:
        assert not own_tests(LAYERS, word).CASES, "what only unfolds has none"
    else:
        assert own_tests(LAYERS, word).CASES


@pytest.mark.parametrize("word", LAYERS.members)
def test_says_what_it_is(word):
    layer = LAYERS.members[word]
    assert layer.summary().endswith(".") or ":" in layer.summary()
    for field in layer.fields.values():
        assert field.help.rstrip().endswith(".") or "arXiv" in field.help
        assert not field.required or field.example is not None


@EVERY_CASE
def test_the_language_lets_a_user_write_it(word, knobs, shape):
    validator = Draft202012Validator({"$ref": "#/$defs/layer", "$defs": schema()["$defs"]})
    assert not list(validator.iter_errors({word: knobs}))
    assert list(validator.iter_errors({word: {**knobs, "no_such_knob": 1}}))


@EVERY_CASE
@pytest.mark.parametrize(("pictures", "scale"), [(1, 1), (3, 1), (2, 10), (2, 1e4)])
def test_is_what_naive_loops_compute(word, knobs, shape, pictures, scale):
    layer = make(word, knobs)
    x, own = inputs(shape, pictures, scale=scale), parameters(layer, shape)
    y = LAYERS.part(layer, "reference").forward(layer, own, x, run(False, pictures))
    assert y.shape == (pictures, *output_shape(layer, shape))
    assert_close(y, naive(own_tests(LAYERS, word))(layer, own, x), 1e-12)
    if hasattr(own_tests(LAYERS, word), "naive_training"):
        y = LAYERS.part(layer, "reference").forward(layer, own, x, run(True, pictures))
        assert_close(y, own_tests(LAYERS, word).naive_training(layer, own, x), 1e-6 if layer.training_only else 1e-12)


@EVERY_CASE
@pytest.mark.parametrize("training", [True, False], ids=["training", "inference"])
def test_gradients_are_slopes(word, knobs, shape, training, pictures=3):
    layer = make(word, knobs)
    reference, how = LAYERS.part(layer, "reference"), run(training, pictures)
    x, own = inputs(shape, pictures), parameters(layer, shape)
    y = reference.forward(layer, own, x, how)
    dy = np.random.default_rng(2).normal(size=y.shape)
    dx, gradients = reference.backward(layer, own, x, y, dy, how)

    def loss():
        return float((reference.forward(layer, own, x, how) * dy).sum())

    ways, dways = (x, dx) if isinstance(x, list) else ([x], [dx])
    for way, dway in zip(ways, dways, strict=True):
        assert_close(dway, slope(loss, way), 1e-6)
    trained = [] if isinstance(shape, list) else [p.name for p in layer.parameters(Shape(shape)) if p.trainable]
    assert set(gradients) == set(trained)
    for name, gradient in gradients.items():
        assert_close(gradient, slope(loss, own[name]), 1e-6)


@EVERY_CASE
def test_keeps_the_float_type_and_changes_no_argument(word, knobs, shape, pictures=2):
    layer = make(word, knobs)
    reference, how = LAYERS.part(layer, "reference"), run(True, pictures)
    x, own = inputs(shape, pictures, np.float32), parameters(layer, shape, np.float32)
    y = reference.forward(layer, own, x, how)
    dy = np.ones_like(y)
    arguments = [*(x if isinstance(x, list) else [x]), *own.values(), y, dy]
    before = [array.copy() for array in arguments]
    dx, gradients = reference.backward(layer, own, x, y, dy, how)
    for array, copy in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(array, copy)
    for array in (y, *(dx if isinstance(dx, list) else [dx]), *gradients.values()):
        assert array.dtype == np.float32
