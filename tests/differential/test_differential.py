"""Half a minute (in CI, a whole one) of the differential fuzzer with a new seed each time, and what was wrong once."""

from __future__ import annotations

import os
import secrets

import numpy as np
import pytest

from tests.differential.__main__ import run
from tests.differential.draw import Network, network, traced
from tests.differential.judge import judge
from xonet.language.shapes import Shape

SECONDS = float(os.environ.get("XONET_DIFFERENTIAL_SECONDS", "30"))

# what the fuzzer found: (shape, layers)
FOUND = [
    # rows that a later window looks at first
    ((9, 9, 16), [{"depthwise_conv2d": {"kernel_size": 3, "padding": 1, "dilation": [2, 1]}}]),
    ((9, 9, 5), [{"conv2d": {"features": 5, "groups": 5, "kernel_size": 3, "padding": 1, "dilation": [2, 1]}}]),
    # raw pictures of fewer than sixteen values, beside which lanes without a picture held anything
    ((2,), [{"batch_norm": {}}]),
    ((2, 2, 3), [{"residual": {"layers": ["leaky_relu"]}}, {"depthwise_conv2d": {"kernel_size": 1}}, "softmax"]),
    # a mean that is far from 0 beside a small variance
    ((13, 2, 33), ["relu", "global_max_pool2d", {"dense": {"units": 3}}, "batch_norm", "leaky_relu"]),
    # lanes without a picture, which many of them made infinite
    ((3,), [{"repeat": {"times": 30, "layers": ["batch_norm"]}}]),
    # deeper than Python's stack
    ((4,), [{"repeat": {"times": 1500, "layers": ["flatten"]}}, {"dense": {"units": 2}}]),
]


@pytest.mark.parametrize(("shape", "layers"), FOUND, ids=[str(layers)[:60] for _, layers in FOUND])
@pytest.mark.parametrize("seed", range(8))
def test_what_was_wrong_once(shape, layers, seed):
    operations = traced(layers, Shape(shape))
    assert operations
    judge(Network(Shape(shape), layers, operations), np.random.default_rng(seed))


def test_some_seconds_of_networks():
    seed = secrets.randbits(32)
    print(f"repeat with: python -m tests.differential --seed {seed} --only NUMBER")
    assert not run(seed, range(1_000_000), SECONDS)


def test_a_seed_draws_the_same_networks():
    first, second = ([network(np.random.default_rng((7, n))).layers for n in range(20)] for _ in range(2))
    assert first == second
