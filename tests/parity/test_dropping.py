"""What layers leave out, or add, during training has the statistics that PyTorch's has; elsewhere it is nothing."""

from __future__ import annotations

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch

import xonet
from xonet.bench.peers.twin import Twin, pictures_there
from xonet.engine.plan import Recipe
from xonet.losses import LOSSES

SHAPE, PICTURES = (3, 4, 40), 400
DROPS = {"dropout": (1, 2, 3), "spatial_dropout": (3,), "stochastic_depth": ()}
"""The axes along which a layer draws."""


def both(layer):
    """What natively becomes of ones during training, at two steps, and in PyTorch."""
    sides = dict(zip(("height", "width", "channels"), SHAPE, strict=True))
    network = xonet.loads(json.dumps({"xonet": 1, "input": sides, "layers": [layer]}))
    x = np.ones((PICTURES, *SHAPE), np.float32)
    model, twin = xonet.Model(network), Twin(network.operations, {})
    recipe, targets = (
        Recipe(LOSSES.make("squared_error"), PICTURES, seed=3),
        np.zeros((PICTURES, x[0].size), np.float32),
    )
    mine, later = (model.engine.gradient(recipe, x, targets, step)[0].reshape(x.shape) for step in (1, 2))
    # what a twin gives back are rows in xonet's order
    theirs = twin.train()(pictures_there(x)).numpy().reshape(x.shape)
    assert (model.predict(x).reshape(x.shape) == x).all()
    assert (twin.eval()(pictures_there(x)).numpy().reshape(x.shape) == x).all()
    assert (mine != later).any()
    return mine, theirs


@pytest.mark.parametrize("word", DROPS)
def test_drops_as_often_and_as_much_at_once(word):
    torch.manual_seed(1)
    mine, theirs = both({word: {"rate": 0.3}})
    everywhere = tuple(axis for axis in (1, 2, 3) if axis not in DROPS[word])
    few = PICTURES if word == "stochastic_depth" else PICTURES * SHAPE[-1]
    for y in (mine, theirs):
        np.testing.assert_allclose(np.unique(y), [0, 1 / 0.7], rtol=1e-6)
        assert abs((y == 0).mean() - 0.3) < 4 * np.sqrt(0.21 / few)
        if everywhere:
            assert not np.ptp(y, axis=everywhere).any()
        for axis in DROPS[word]:
            assert np.ptp(y, axis=axis).any()
        assert np.ptp(y, axis=0).any()


def test_adds_noise_of_the_same_distribution():
    torch.manual_seed(1)
    quantiles = [0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999]
    normal = [-3.0902, -1.2816, -0.6745, 0, 0.6745, 1.2816, 3.0902]
    for y in both({"gaussian_noise": {"stddev": 2}}):
        np.testing.assert_allclose(np.quantile((y - 1) / 2, quantiles), normal, rtol=0, atol=0.05)
