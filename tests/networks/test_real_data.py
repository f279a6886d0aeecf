"""MNIST and Fashion-MNIST are what their network files take them for; skipped where the data are absent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from xonet.network import load

ROOT = Path(__file__).parents[2]
MNIST = ROOT / "data/mnist/train-images-idx3-ubyte"
FASHION = Path("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")

BOTH = pytest.mark.parametrize(
    ("name", "counts"),
    [
        pytest.param(
            "mnist",
            [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
            marks=pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not in data/mnist; README.md says how"),
        ),
        pytest.param(
            "fashion",
            [6000] * 10,
            marks=pytest.mark.skipif(not FASHION.exists(), reason="the package dataset-fashion-mnist is not installed"),
        ),
    ],
)


@BOTH
def test_the_data(name, counts):
    network = load(ROOT / f"networks/{name}.yaml")
    data, given = network.document.data, network.document.input
    train, test = data.train.load(network.wanted), data.test.load(network.wanted)
    assert train.pictures.shape == (60000, 28, 28, 1)
    assert test.pictures.shape == (10000, 28, 28, 1)
    assert np.bincount(train.targets).tolist() == counts
    assert train.pictures.mean() / 255 == pytest.approx(given.mean, abs=1e-4)
    assert train.pictures.std() / 255 == pytest.approx(given.std, abs=1e-4)
