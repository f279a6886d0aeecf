"""What xonet is compared on with others: a network of every kind, pictures that can be learnt, what counts as equal."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import xonet
from tests.layers.contract import spread
from tests.members import cases
from xonet.layers import LAYERS
from xonet.losses import LOSSES, VALUES

NETWORKS = Path(__file__).parents[2] / "networks"

# No bias before batch_norm: its true gradient is 0, and adam would follow the rounding errors' signs.
MIXED = """
xonet: 1
input: {height: 15, width: 13, channels: 3}
layers:
  - conv2d: {features: 8, kernel_size: 3, padding: same, stride: 2, bias: false}
  - batch_norm: {momentum: 0.8, epsilon: 0.001}
  - relu
  - residual:
      layers:
        - depthwise_conv2d: {kernel_size: 3, padding: same, multiplier: 2}
        - leaky_relu: {slope: 0.1}
        - conv2d:
            {features: 8, kernel_size: [3, 2], padding: [[2, 2], [0, 1]], dilation: [2, 1], groups: 4, bias: false}
        - batch_norm
      shortcut:
        - conv2d: {features: 8, kernel_size: 1}
  - avg_pool2d: {window: 3, stride: 2, padding: 1}
  - branches:
      paths:
        - - max_pool2d: {window: 3, stride: 1, padding: same}
          - global_max_pool2d
        - - tanh
          - global_avg_pool2d
        - - conv2d: {features: 3, kernel_size: 2, reduce: mean}
          - sigmoid
          - flatten
          - dense: {units: 5, bias: false}
  - batch_norm
  - dense: {units: 6}
  - softmax
  - dense: {units: 4}
"""
LAYER_CASES = [
    case
    for case in cases(LAYERS)
    if isinstance(case.values[2], tuple) and not LAYERS.members[case.values[0]].training_only
]
"""(the layer, its knobs, the shape it is given), of those that take one input and draw no random numbers."""


def away(network, seed=0):
    """A model whose biases, shifts and so on are not where they would begin, at 0 or 1."""
    model = xonet.Model(network, seed=seed)
    rng = np.random.default_rng(seed)
    for name, array in model.parameters.items():
        if name.endswith(("bias", "shift", "mean")):
            array[...] = rng.normal(size=array.shape) * 0.2
        elif name.endswith(("scale", "variance")):
            array[...] = rng.uniform(0.5, 1.5, array.shape)
    return model


def batches(network, pictures, seed=1):
    """Pictures of classes that can be told apart, and the class of each.

    Noise alone would have to be learnt by heart, which is chaotic: two runs part where the last bit decides on which
    side of 0 a relu's input lies. Large steps are, too.
    """
    rng = np.random.default_rng(seed)
    classes = rng.integers(0, network.outputs, pictures)
    x = rng.normal(size=(network.outputs, *network.shape))[classes] + 0.3 * rng.normal(size=(pictures, *network.shape))
    return x.astype(np.float32), classes


def close(mine, theirs, tolerance):
    """Equal up to `tolerance` of an array's greatest value, or of a tenth of the greatest of all."""
    assert mine.keys() == theirs.keys()
    greatest = max(np.abs(array).max() for array in theirs.values())
    for name in mine:
        scale = max(np.abs(theirs[name]).max(), greatest / 10)
        assert np.abs(mine[name] - theirs[name]).max() <= tolerance * scale, name


def around(word, knobs, shape):
    """A network with one layer between two that learn, and a batch for it."""
    first = {"conv2d": {"features": shape[-1], "kernel_size": 1}} if len(shape) == 3 else {"dense": {"units": shape[0]}}
    sides = ("height", "width", "channels") if len(shape) == 3 else ("features",)
    network = {
        "xonet": 1,
        "input": dict(zip(sides, shape, strict=True)),
        "layers": [first, {word: knobs}, {"dense": {"units": 3}}],
    }
    x = spread(np.random.default_rng(3), (21, *shape)).astype(np.float32)
    return xonet.loads(json.dumps(network)), (x, np.arange(21) % 3)


def for_loss(loss):
    """A network of one layer, and a batch that the loss can measure."""
    network = xonet.loads("{xonet: 1, input: {features: 7}, layers: [{dense: {units: 5}}]}")
    x, targets = batches(network, 35)
    if loss != "cross_entropy" and VALUES in LOSSES.members[loss].fits:
        targets = np.random.default_rng(3).normal(size=(35, 5)).astype(np.float32)
    return network, (x, targets)
