"""The memory that a run is said to take is what it takes, measured by the operating system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import xonet
from xonet.bench.memory import measured_peak
from xonet.engine.prediction import peak_bytes

NETWORKS = Path(__file__).parents[1] / "benchmarks/networks"

SHAPES = {
    "xo": (32, 2),
    "lenet5": (64, 10),
    "vgg6": (64, 10),
    "resnet20": (64, 10),
    "mobilenet": (64, 10),
}
"""The batch size and the classes of each."""

TRAINING = "{loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.01, momentum: 0.9}}, epochs: 1, batch_size: %s}"


@pytest.mark.skipif(sys.platform != "linux", reason="what a process takes is counted as Linux does")
@pytest.mark.parametrize("name", SHAPES)
def test_the_prediction_holds(name):
    batch, count = SHAPES[name]
    classes = ", ".join(f"c{n}" for n in range(count))
    network = xonet.load(
        NETWORKS / f"{name}.yaml", [f"training={TRAINING % batch}", f"output={{classes: [{classes}]}}"]
    )
    took = measured_peak(network)
    assert took is not None
    assert abs(peak_bytes(network) / took - 1) <= 0.15, took


def test_a_network_that_is_only_run():
    network = xonet.load(NETWORKS / "lenet5.yaml")
    took = measured_peak(network)
    assert took is not None
    assert abs(peak_bytes(network) / took - 1) <= 0.15, took
