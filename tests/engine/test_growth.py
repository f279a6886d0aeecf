"""A network four times as large takes four times the work before its first number, in width, in pixels and in depth."""

from __future__ import annotations

import json

import numpy as np
import pytest

import xonet
from tests.counting import kilobytes, lines
from xonet.engine.prediction import peak_bytes

CONVOLUTIONS = [{"conv2d": {"features": 4, "kernel_size": 3, "padding": 1}}, "batch_norm", "relu"]
SEPARABLE = [{"depthwise_conv2d": {"kernel_size": 3, "padding": 1}}, {"conv2d": {"features": 16, "kernel_size": 1}}]
POOLED = [{"max_pool2d": {"window": 2}}, "global_avg_pool2d"]


def picture(height, width, channels, *layers):
    return {"height": height, "width": width, "channels": channels}, [*layers, {"dense": {"units": 3}}]


def row(features, *layers):
    return {"features": features}, [*layers, {"dense": {"units": 3}}]


GROWING = {
    "inputs of dense": (4096, lambda n: row(n)),
    "units of dense": (2048, lambda n: row(8, {"dense": {"units": n}})),
    "rows": (100, lambda n: picture(n, 9, 1, *CONVOLUTIONS, *POOLED)),
    "columns": (100, lambda n: picture(9, n, 1, *CONVOLUTIONS, *POOLED)),
    "rows, sixteen channels": (100, lambda n: picture(n, 9, 16, *SEPARABLE, *POOLED)),
    "columns, sixteen channels": (100, lambda n: picture(9, n, 16, *SEPARABLE, *CONVOLUTIONS, *POOLED)),
    "channels": (64, lambda n: picture(4, 4, n, {"depthwise_conv2d": {"kernel_size": 3}}, "global_max_pool2d")),
    "taps": (100, lambda n: picture(9, 9, 1, {"conv2d": {"features": 2, "kernel_size": [n, 1], "padding": "same"}})),
    "depth": (24, lambda n: picture(6, 6, 4, {"repeat": {"times": n, "layers": CONVOLUTIONS}})),
    "residuals": (16, lambda n: picture(
        6, 6, 4, {"repeat": {"times": n, "layers": [{"residual": {"layers": CONVOLUTIONS}}]}})),
    "branches": (8, lambda n: picture(6, 6, 4, {"branches": {"paths": [["sigmoid", *CONVOLUTIONS]] * n}})),
    "depth of rows": (40, lambda n: row(8, {"repeat": {"times": n, "layers": [{"dense": {"units": 8}}, "tanh"]}})),
    "layers without weights": (40, lambda n: row(
        8, {"dense": {"units": 8}}, {"repeat": {"times": n, "layers": [{"dropout": {"rate": 0.5}}, "sigmoid"]}})),
}  # fmt: skip
"""What grows: how large it is at first, and (input, layers) of a size."""

TRAINING = {
    "loss": "cross_entropy", "optimizer": {"sgd": {"learning_rate": 1e-6}}, "epochs": 1, "batch_size": 4,
}  # fmt: skip


def steps_before_numbers(shape, layers):
    """The lines run by each thing that plans, or the KiB it takes: `summary`, predictions, `fit` and others."""
    text = json.dumps({
        "xonet": 1, "input": shape, "output": {"classes": ["a", "b", "c"]}, "layers": layers, "training": TRAINING,
    })  # fmt: skip
    found = {"load": lines(lambda: xonet.loads(text))}
    network = xonet.loads(text)
    found["memory of summary"] = kilobytes(lambda: peak_bytes(network, threads=1))  # before anything is kept of it
    found["summary"] = lines(lambda: peak_bytes(network, threads=1))
    found["model"] = lines(lambda: xonet.Model(network, threads=1))
    model = xonet.Model(network, threads=1)
    x = np.zeros((17, *network.shape), np.float32)
    found["one"] = lines(lambda: model.predict(x[:1]))
    found["many"] = lines(lambda: model.predict(x))
    found["fit"] = lines(lambda: model.fit((x[:4], np.zeros(4, int))))
    return found


@pytest.mark.parametrize("what", GROWING)
def test_four_times_as_large_is_four_times_the_work(what):
    size, network = GROWING[what]
    steps_before_numbers(*network(size // 2))  # what is imported, compiled and kept once
    small, large = (steps_before_numbers(*network(size * times)) for times in (1, 4))
    for name in small:
        assert large[name] <= 4.8 * small[name] + 1000, (name, small[name], large[name])
