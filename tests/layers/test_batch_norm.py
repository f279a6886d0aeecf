"""`batch_norm`: naive loops, its cases, and its running statistics."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import xonet
from tests.layers import norms
from tests.layers.contract import inputs, make, parameters
from xonet.language.shapes import Shape
from xonet.layers import LAYERS
from xonet.model import ENGINES

CASES = [
    ({}, (3, 4, 2)),
    ({"epsilon": 0.1}, (5,)),
    ({"scale": False}, (2, 3, 3)),
    ({"shift": False}, (2, 3, 3)),
    ({"scale": False, "shift": False}, (4, 2, 2)),
    ({"trainable": False}, (2, 3, 3)),
]


def naive(layer, parameters, x):
    """With the running mean and variance."""
    y = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        c = place[-1]
        deviation = math.sqrt(parameters["variance"][c] + layer.epsilon)
        y[place] = (x[place] - parameters["mean"][c]) / deviation
        y[place] *= parameters["scale"][c] if layer.scale else 1
        y[place] += parameters["shift"][c] if layer.shift else 0
    return y


def naive_training(layer, parameters, x):
    """With the batch's own."""
    channels = [x[..., c].ravel() for c in range(x.shape[-1])]
    mean = [sum(values) / len(values) for values in channels]
    variance = [sum((v - m) ** 2 for v in values) / len(values) for values, m in zip(channels, mean, strict=True)]
    return naive(layer, {**parameters, "mean": mean, "variance": variance}, x)


def drawn(rng):
    """Knobs and a shape."""
    return norms.drawn(rng)


def test_running_statistics_are_torchs():
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    layer, x = make("batch_norm", {"momentum": 0.8}), inputs((3, 4, 2), 3)
    own = parameters(layer, (3, 4, 2))
    mean, variance = torch.tensor(own["mean"].copy()), torch.tensor(own["variance"].copy())
    # PyTorch's momentum is the share of what is new.
    torch.nn.functional.batch_norm(torch.tensor(x.transpose(0, 3, 1, 2)), mean, variance, training=True, momentum=0.2)
    LAYERS.part(layer, "reference").observe(layer, own, x)
    np.testing.assert_allclose(own["mean"], mean.numpy(), rtol=1e-12)
    np.testing.assert_allclose(own["variance"], variance.numpy(), rtol=1e-12)


def test_a_single_value_has_no_variance_and_leaves_the_running_one():
    layer = make("batch_norm", {})
    own = {"mean": np.zeros(1), "variance": np.ones(1)}
    LAYERS.part(layer, "reference").observe(layer, own, np.array([[3.0]]))
    np.testing.assert_allclose([own["mean"][0], own["variance"][0]], [0.3, 1.0])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("pictures", "batch_size"), [(1, 1), (3, 1), (17, 16), (33, 8), (49, 48)])
@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 3)])
@pytest.mark.parametrize("momentum", [0, 0.9])
def test_running_statistics_after_a_last_batch_of_one(engine, pictures, batch_size, height, width, momentum):
    """What training leaves, against the same in float64."""
    network = {
        "xonet": 1,
        "input": {"height": height, "width": width, "channels": 3},
        "layers": [{"batch_norm": {"momentum": momentum}}, {"dense": {"units": 2}}],
    }
    model = xonet.Model(xonet.loads(json.dumps(network)), engine=engine)
    x = (np.random.default_rng(0).normal(size=(pictures, height, width, 3)) + 10).astype(np.float32)
    model.fit(
        (x, np.arange(pictures) % 2),
        loss="cross_entropy", optimizer={"sgd": {"learning_rate": 1e-3}}, epochs=2, batch_size=batch_size,
        shuffle=False,
    )  # fmt: skip
    mean, variance = np.zeros(3), np.ones(3)
    for first in 2 * list(range(0, pictures, batch_size)):
        values = x[first : first + batch_size].astype(np.float64).reshape(-1, 3)
        mean = momentum * mean + (1 - momentum) * values.mean(0)
        if len(values) > 1:
            variance = momentum * variance + (1 - momentum) * values.var(0, ddof=1)
    np.testing.assert_allclose(model.parameters["layers.0.mean"], mean, rtol=1e-5)
    np.testing.assert_allclose(model.parameters["layers.0.variance"], variance, rtol=1e-4)
    assert np.isfinite(model.predict(x)).all()


def test_parameters_begin_neutral_and_statistics_are_not_trained():
    frozen = make("batch_norm", {"trainable": False})
    declared = make("batch_norm", {}).parameters(Shape((2, 2, 3)))
    assert [(p.name, p.shape, p.constant, p.trainable) for p in declared] == [
        ("scale", (3,), 1.0, True),
        ("shift", (3,), 0.0, True),
        ("mean", (3,), 0.0, False),
        ("variance", (3,), 1.0, False),
    ]
    assert not any(p.trainable for p in frozen.parameters(Shape((3,))))


@pytest.mark.parametrize("left_out", [["scale"], ["shift"], ["scale", "shift"]])
def test_what_is_left_out_is_no_parameter(left_out):
    layer = make("batch_norm", dict.fromkeys(left_out, False))
    names = [p.name for p in layer.parameters(Shape((2, 2, 3)))]
    assert names == [name for name in ("scale", "shift", "mean", "variance") if name not in left_out]
