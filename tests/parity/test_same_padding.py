"""`padding: same` is its written rule: PyTorch's windows over a picture that `F.pad` has made larger beforehand."""

from __future__ import annotations

import json
import math
from itertools import product

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")
F = torch.nn.functional

import xonet  # noqa: E402
from xonet.bench.peers.twin import Twin, pictures_there  # noqa: E402

WINDOWS = [(1, 1), (2, 2), (3, 3), (5, 5), (4, 3), (2, 5), (7, 1)]
STRIDES = [(1, 1), (2, 2), (1, 2), (3, 2), (4, 4)]
SIZES = [(1, 1), (6, 6), (7, 8), (5, 9)]


def padded(x, window, stride, dilation, value):
    """What `same` adds: as much as lets ceil(size / stride) come out, the odd one below and at the right."""
    around = []
    for axis in (1, 0):
        size = x.shape[2 + axis]
        span = (math.ceil(size / stride[axis]) - 1) * stride[axis] + (window[axis] - 1) * dilation[axis] + 1
        missing = max(0, span - size)
        around += [missing // 2, missing - missing // 2]
    return F.pad(x, around, value=value)


def convolution(model, x, window, stride, dilation, groups):
    weights = torch.from_numpy(model.parameters["layers.0.weights"].transpose(0, 3, 1, 2).copy())
    bias = torch.from_numpy(model.parameters["layers.0.bias"].copy())
    return F.conv2d(padded(x, window, stride, dilation, 0.0), weights, bias, stride, 0, dilation, groups)


def max_pool(model, x, window, stride, dilation, groups):
    return F.max_pool2d(padded(x, window, stride, dilation, -math.inf), window, stride)


def avg_pool(model, x, window, stride, dilation, groups):
    sums = F.avg_pool2d(padded(x, window, stride, dilation, 0.0), window, stride, divisor_override=1)
    ones = torch.ones_like(x)
    return sums / F.avg_pool2d(padded(ones, window, stride, dilation, 0.0), window, stride, divisor_override=1)


def avg_pool_that_counts(model, x, window, stride, dilation, groups):
    return F.avg_pool2d(padded(x, window, stride, dilation, 0.0), window, stride)


LAYERS = {
    "conv2d": ("kernel_size", {"features": 3}, convolution, 1),
    "conv2d in groups": ("kernel_size", {"features": 6, "groups": 2}, convolution, 2),
    "depthwise_conv2d": ("kernel_size", {}, convolution, 4),
    "max_pool2d": ("window", {}, max_pool, 1),
    "avg_pool2d": ("window", {}, avg_pool, 1),
    "avg_pool2d that counts": ("window", {"count_padding": True}, avg_pool_that_counts, 1),
}


@pytest.mark.parametrize("kind", LAYERS)
def test_is_pytorch_behind_an_explicit_pad(kind):
    knob, more, theirs, groups = LAYERS[kind]
    dilations = [(1, 1), (2, 2), (1, 3)] if knob == "kernel_size" else [(1, 1)]
    drawn = list(product(WINDOWS, STRIDES, SIZES, dilations))
    rng = np.random.default_rng()
    for window, stride, size, dilation in [drawn[n] for n in rng.permutation(len(drawn))[:8]]:
        knobs = {knob: window, "stride": stride, "padding": "same", **more}
        if knob == "kernel_size":
            knobs["dilation"] = dilation
        document = {
            "xonet": 1,
            "input": {"height": size[0], "width": size[1], "channels": 4},
            "layers": [{kind.split()[0]: knobs}],
        }
        network = xonet.loads(json.dumps(document))
        for pictures, engine in ((1, "native"), (17, "native"), (3, "reference")):
            model = xonet.Model(network, engine=engine, threads=1)
            if knob == "kernel_size":
                model.parameters["layers.0.bias"] = rng.normal(size=model.parameters["layers.0.bias"].shape)
            x = rng.normal(size=(pictures, *size, 4)).astype(np.float32)
            there = theirs(model, pictures_there(x), window, stride, dilation, groups)
            assert there.shape[2:] == tuple(-(-s // t) for s, t in zip(size, stride, strict=True))
            wanted = there.permute(0, 2, 3, 1).reshape(pictures, -1).numpy()
            np.testing.assert_allclose(model.predict(x), wanted, rtol=1e-4, atol=1e-4, err_msg=f"{document}")
            if engine == "native":
                # what `bench --against torch` runs
                twin = Twin(network.operations, model.parameters)
                with torch.no_grad():
                    np.testing.assert_allclose(twin(pictures_there(x)).numpy(), wanted, rtol=1e-4, atol=1e-4)


def test_where_a_pytorch_user_trips():
    """Of an even size at stride 2, PyTorch's padding=1 is not `same` but 1; and its own "same" is refused there."""
    x = np.arange(36, dtype=np.float32).reshape(1, 6, 6, 1)
    weights = torch.zeros(1, 1, 3, 3)
    weights[0, 0, 1, 1] = 1
    found = {}
    for padding in ("same", 1):
        layer = {"conv2d": {"features": 1, "kernel_size": 3, "stride": 2, "padding": padding}}
        network = xonet.loads(json.dumps({"xonet": 1, "input": {"height": 6, "width": 6}, "layers": [layer]}))
        model = xonet.Model(network)
        model.parameters["layers.0.weights"] = weights.permute(0, 2, 3, 1).numpy()
        found[padding] = model.predict(x).reshape(3, 3).tolist()
    theirs = F.conv2d(pictures_there(x), weights, stride=2, padding=1)
    assert found[1] == theirs[0, 0].tolist() == [[0, 2, 4], [12, 14, 16], [24, 26, 28]]
    assert found["same"] == [[7, 9, 11], [19, 21, 23], [31, 33, 35]]
    with pytest.raises(RuntimeError, match="strided"):
        F.conv2d(pictures_there(x), weights, stride=2, padding="same")
