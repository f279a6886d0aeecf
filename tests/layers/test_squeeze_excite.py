"""`squeeze_excite` unfolds: what it leaves in the graph, and what that computes."""

from __future__ import annotations

import json

import numpy as np
import pytest

import xonet
from tests.layers.contract import make
from xonet.language.shapes import Shape, ShapeError
from xonet.layers._graph import Trace, Value

CASES = []
"""It has no arithmetic of its own."""

KNOBS = [
    ({"units": 3}, (4, 5, 8)),
    ({}, (3, 2, 33)),
    ({"ratio": 4, "activation": "silu"}, (1, 1, 20)),
    ({"ratio": 64, "gate": "hard_sigmoid"}, (5, 4, 6)),
]


def traced(knobs, shape):
    trace = Trace()
    trace.through([make("squeeze_excite", knobs)], Value(Shape(shape)), "layers")
    return trace.operations


def names(knobs, shape=(4, 5, 32)):
    """Every parameter's full name and its shape."""
    return {op.full_name(own): own.shape for op in traced(knobs, shape) for own in op.parameters}


def test_parameters_are_those_of_the_layers_that_it_unfolds_to():
    assert names({"units": 3}) == {
        "layers.0.squeeze_excite.layers.1.weights": (3, 32),
        "layers.0.squeeze_excite.layers.1.bias": (3,),
        "layers.0.squeeze_excite.layers.3.weights": (32, 3),
        "layers.0.squeeze_excite.layers.3.bias": (32,),
    }
    assert "gates.squeeze_excite.layers.1.weights" in names({"name": "gates"})
    assert [op.path for op in traced({"name": "gates"}, (4, 5, 32))][-1] == "gates"


@pytest.mark.parametrize(
    ("knobs", "units"), [({}, 2), ({"ratio": 5}, 6), ({"ratio": 64}, 1), ({"units": 7}, 7)], ids=str
)
def test_units(knobs, units):
    assert names(knobs)["layers.0.squeeze_excite.layers.1.bias"] == (units,)


def test_says_how_its_layers_learn():
    text = "{xonet: 1, input: {height: 2, width: 2, channels: 8}, layers: [{squeeze_excite: %s}]}"
    knobs = "{units: 2, trainable: {after: 3}, learning_rate_factor: {bias: 2}, weight_decay_factor: 0}"
    dense = [op.layer for op in xonet.loads(text % knobs).operations if op.parameters]
    assert len(dense) == 2
    for layer in dense:
        assert layer.frozen(2) and not layer.frozen(3)
        assert layer.learning_rate_factor == {"bias": 2} and layer.weight_decay_factor == 0
    with pytest.raises(xonet.InvalidNetwork, match="this layer has no parameter slopes"):
        xonet.loads(text % "{units: 2, learning_rate_factor: {slopes: 2}}")


def test_not_trained():
    assert not any(p.trainable for op in traced({"trainable": False}, (2, 2, 8)) for p in op.parameters)


@pytest.mark.parametrize(("knobs", "shape"), KNOBS, ids=str)
@pytest.mark.parametrize("pictures", [1, 3, 17])
def test_is_what_loops_compute(knobs, shape, pictures):
    sides = dict(zip(("height", "width", "channels"), shape, strict=True))
    model = xonet.Model(xonet.loads(json.dumps({"xonet": 1, "input": sides, "layers": [{"squeeze_excite": knobs}]})))
    rng = np.random.default_rng(1)
    for array in model.parameters.values():
        array[...] = rng.normal(size=array.shape) * 0.5
    own = {name.split(".layers.")[1]: array.astype(float) for name, array in model.parameters.items()}
    x = rng.normal(size=(pictures, *shape)).astype(np.float32)
    y = model.predict(x).reshape(x.shape)
    for picture, gated in zip(x.astype(float), y, strict=True):
        means = picture.reshape(-1, shape[-1]).mean(0)
        squeezed = own["1.weights"] @ means + own["1.bias"]
        squeezed *= 1 / (1 + np.exp(-squeezed)) if "activation" in knobs else squeezed > 0
        for c in range(shape[-1]):
            raw = own["3.weights"][c] @ squeezed + own["3.bias"][c]
            gate = min(6, max(0, raw + 3)) / 6 if "gate" in knobs else 1 / (1 + np.exp(-raw))
            assert np.allclose(gated[:, :, c], picture[:, :, c] * gate, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("knobs", "shape", "code", "knob"),
    [({}, (8,), "needs-picture", ""), ({"units": 2, "ratio": 4}, (2, 2, 8), "conflicting-knobs", "ratio")],
)
def test_refuses(knobs, shape, code, knob):
    with pytest.raises(ShapeError) as caught:
        traced(knobs, shape)
    assert (caught.value.code, caught.value.knob) == (code, knob)


def test_a_finding_within_it_has_its_place():
    text = {
        "xonet": 1,
        "input": {"height": 2, "width": 2},
        "layers": [{"squeeze_excite": {"units": 10**15}}, "flatten"],
    }
    with pytest.raises(xonet.InvalidNetwork) as caught:
        xonet.loads(json.dumps(text))
    assert [found.code for found in caught.value.diagnostics][-1:] == ["too-large"]
