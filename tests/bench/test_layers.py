"""The layers' times are those of a whole step, and their multiply-adds those of loops."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import xonet
from xonet.bench import ours
from xonet.bench.layers import profile, table
from xonet.bench.task import Task
from xonet.bench.work import backward_products, products

NETWORKS = Path(__file__).parents[2] / "networks"
WAYS = """
xonet: 1
input: {height: 7, width: 6, channels: 2}
layers:
  - conv2d: {features: 4, kernel_size: 3, padding: same, groups: 2, trainable: false}
  - batch_norm
  - relu
  - residual: {layers: [{depthwise_conv2d: {kernel_size: 3, padding: 1, stride: 1}}, batch_norm]}
  - branches: {paths: [[{conv2d: {features: 3, kernel_size: 2, stride: 2}}], [{max_pool2d: {window: 2}}, tanh]]}
  - flatten
  - dense: {units: 3}
"""


def taps(height, width, window, stride, before):
    """How many taps of all windows lie on a picture, counted one by one."""
    ends = [(size + 2 * before - window) // stride + 1 for size in (height, width)]
    return sum(
        0 <= y * stride + i - before < height and 0 <= x * stride + j - before < width
        for y, x, i, j in np.ndindex(*ends, window, window)
    )


def test_products():
    network = xonet.loads(WAYS)
    found = {operation.path: products(operation) for operation in network.operations if products(operation)}
    inside = taps(7, 6, 3, 1, 1)
    assert list(found.values()) == [inside * 4 * 1, inside * 4, taps(7, 6, 2, 2, 0) * 3 * 4, 3 * 3 * 7 * 3]
    back = backward_products(network.operations)
    # the first is not trained and comes first; behind batch_norm, which is trained, everything has both gradients
    assert [back[operation] for operation in network.operations if products(operation)] == [
        0, *(2 * count for count in list(found.values())[1:])
    ]  # fmt: skip


@pytest.mark.parametrize("file", [NETWORKS / "fashion.yaml", WAYS])
def test_every_layer_has_its_line(file):
    network = xonet.loads(file) if file is WAYS else xonet.load(file)
    task = Task.of(network)
    rows = table(task, profile(task, 0.0))
    assert [row["place"] for row in rows] == ["", *(operation.path for operation in network.operations), "", ""]
    for row in rows[1:-2]:
        assert row["in_passing"] == (row["forward_seconds"] is None and row["layer"] != "flatten")
        assert row["layer"] == "relu" or not row["in_passing"]
    assert all(row["forward_seconds"] or row["backward_seconds"] for row in (rows[0], *rows[-2:]))


def test_the_sum_is_a_step():
    task = Task.of(xonet.load(NETWORKS / "fashion.yaml"))
    run, ratios = ours.training(task, 1), []
    run(1)
    for _ in range(5):  # side by side, as the machine's speed comes and goes
        whole = sum(line.seconds for line in profile(task, 0.1, time.thread_time))
        began = time.process_time()
        run(20)
        ratios.append(20 * whole / (time.process_time() - began))
    assert 0.7 < np.median(ratios) < 1.3, ratios
