"""Lines of layers, and defaults: what they stand for is what the long way says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import xonet
from xonet.language.scalars import flow
from xonet.network.changes import compare

HEAD = "xonet: 1\ninput: {height: 9, width: 8}\n"
TAIL = "output: {classes: [a, b]}\n"
CONV = {"conv2d": {"features": 3, "kernel_size": 3, "padding": "same"}}


def network(layers, **more):
    sections = "".join(f"{name}: {flow(value)}\n" for name, value in more.items())
    return xonet.loads(f"{HEAD}{sections}layers: {flow(layers)}\n{TAIL}")


def places(net):
    return [(operation.path, net.document.layers and type(operation.layer).__name__) for operation in net.operations]


def nested():
    """Layers that keep the shape, in lines of any depth and in containers."""
    leaf = st.sampled_from([CONV, "batch_norm", "relu", {"dropout": {"rate": 0.2}}, "tanh"])
    return st.lists(
        st.recursive(
            leaf,
            lambda inner: (
                st.lists(inner, min_size=1, max_size=3)
                | st.builds(lambda layers: {"residual": {"layers": layers}}, st.lists(inner, min_size=1, max_size=3))
                | st.builds(
                    lambda one, two: {"branches": {"paths": [one, two], "merge": "add"}},
                    st.lists(inner, max_size=2),
                    st.lists(inner, max_size=2),
                )
            ),
            max_leaves=8,
        ),
        min_size=1,
        max_size=4,
    )


def unfolded(layers):
    """The same without lines."""
    flat = []
    for layer in layers:
        if isinstance(layer, list):
            flat += unfolded(layer)
        elif isinstance(layer, dict) and "residual" in layer:
            flat.append({"residual": {"layers": unfolded(layer["residual"]["layers"])}})
        elif isinstance(layer, dict) and "branches" in layer:
            paths = [unfolded(path) for path in layer["branches"]["paths"]]
            flat.append({"branches": {"paths": paths, "merge": "add"}})
        else:
            flat.append(layer)
    return flat


@settings(max_examples=60, deadline=None)
@given(nested())
def test_a_line_is_its_layers(layers):
    layers = [CONV, *layers, {"dense": {"units": 2}}]
    short, long = network(layers), network(unfolded(layers))
    assert [type(o.layer) for o in short.operations] == [type(o.layer) for o in long.operations]
    assert [o.output.shape for o in short.operations] == [o.output.shape for o in long.operations]
    assert compare(short, long).none
    assert len({o.path for o in short.operations}) == len(short.operations)


def test_paths_continue():
    net = network(
        [[CONV, "batch_norm"], [["relu"]], {"residual": {"layers": [[CONV, "relu"]]}}, {"dense": {"units": 2}}]
    )
    assert [operation.path for operation in net.operations] == [
        *("layers.0.0", "layers.0.1", "layers.1.0.0"),
        *("layers.2.residual.layers.0.0", "layers.2.residual.layers.0.1", "layers.2", "layers.3"),
    ]
    assert "layers.0.1.scale" in xonet.Model(net).parameters
    text = net.text
    assert (
        xonet.loads(text, overrides=["layers.2.residual.layers.0.1=tanh"]).operations[4].layer.activation == "squashing"
    )


def test_same_numbers_by_name():
    """Names seed initial parameters: layers with names of their own begin alike."""
    conv = {"conv2d": {**CONV["conv2d"], "name": "c"}}
    dense = {"dense": {"units": 2, "name": "d"}}
    x = np.random.default_rng(1).normal(size=(5, 9, 8, 1)).astype(np.float32)
    short, long = (xonet.Model(network(layers)) for layers in ([[conv, "relu"], dense], [conv, "relu", dense]))
    assert (short.predict(x) == long.predict(x)).all()


def test_defaults_are_what_the_layers_say():
    said = {"features": 3, "padding": "same", "bias": False}
    short = network(
        [
            {"conv2d": {"kernel_size": 3}},
            "batch_norm",
            {"conv2d": {"kernel_size": 2, "bias": True}},
            {"dense": {"units": 2}},
        ],
        defaults={"conv2d": said, "batch_norm": {"momentum": 0.5, "epsilon": 0.01}},
    )
    long = network(
        [
            {"conv2d": {**said, "kernel_size": 3}},
            {"batch_norm": {"momentum": 0.5, "epsilon": 0.01}},
            {"conv2d": {**said, "kernel_size": 2, "bias": True}},
            {"dense": {"units": 2}},
        ]
    )
    assert compare(short, long).none
    assert compare(short, network(["relu", {"dense": {"units": 2}}])).layers


def test_defaults_reach_everywhere():
    conv = {"conv2d": {"kernel_size": 1}}
    inside = [{"residual": {"layers": [[conv]], "shortcut": [conv]}}, {"repeat": {"times": 2, "layers": [conv]}}]
    net = network(
        [*inside, {"branches": {"paths": [[conv], [[conv]]]}}, {"dense": {"units": 2}}],
        defaults={"conv2d": {"features": 4}},
    )
    convs = [operation for operation in net.operations if type(operation.layer).__name__ == "Conv2d"]
    assert len(convs) == 6 and {operation.output.shape.channels for operation in convs} == {4}


def test_literal_weights_win_over_a_default_initializer():
    weights = [[[[1.0]]]]
    net = network(
        [{"conv2d": {"features": 1, "kernel_size": 1, "weights": weights}}, {"dense": {"units": 2}}],
        defaults={"conv2d": {"init": "ones"}, "dense": {"init": "ones"}},
    )
    assert xonet.Model(net).parameters["layers.1.weights"].min() == 1


def test_aliases_keep_what_they_share():
    """Two layers of different kinds share their knobs through one anchor: each gets its own defaults."""
    text = f"""{HEAD}defaults: {{conv2d: {{features: 2}}}}
layers:
  - conv2d: &k {{padding: 1}}
  - max_pool2d: {{window: 2}}
  - &c {{conv2d: {{kernel_size: 2}}}}
  - *c
  - avg_pool2d: {{window: 3, padding: 1}}
  - dense: {{units: 2}}
{TAIL}""".replace("&k {padding: 1}", "{kernel_size: 3, padding: 1}")
    net = xonet.loads(text)
    assert [operation.output.shape.channels for operation in net.operations[:4]] == [2, 2, 2, 2]
