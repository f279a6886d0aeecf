"""The memory that a run is said to take is what it takes, measured by the operating system."""

from __future__ import annotations

import sys

import pytest

import xonet
from tests.benchmarks.cases import CASES, NETWORKS, settings
from tests.benchmarks.memory import LARGE
from xonet.bench.memory import measured_peak
from xonet.engine.prediction import peak_bytes

RUNS = [(name, batches[0], None) for name, batches in CASES.items()] + LARGE


@pytest.mark.skipif(sys.platform != "linux", reason="what a process takes is counted as Linux does")
@pytest.mark.parametrize(("name", "batch", "pictures"), RUNS)
def test_the_prediction_holds(name, batch, pictures):
    network = xonet.load(NETWORKS / f"{name}.yaml", settings(name, batch))
    took = measured_peak(network, pictures=pictures)
    assert took is not None
    assert abs(peak_bytes(network) / took - 1) <= 0.15, took


def test_a_network_that_is_only_run():
    network = xonet.load(NETWORKS / "lenet5.yaml")
    took = measured_peak(network)
    assert took is not None
    assert abs(peak_bytes(network) / took - 1) <= 0.15, took
