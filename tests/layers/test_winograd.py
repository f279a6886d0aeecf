"""What docs/how-it-works.md says of 3 × 3 convolutions: errors and infinities stay within a value's 6 × 6 patches."""

from __future__ import annotations

import json

import numpy as np
import pytest

import xonet

PICTURES = 17
NETWORK = xonet.loads(
    json.dumps({
        "xonet": 1,
        "input": {"height": 12, "width": 12, "channels": 16},
        "layers": [{"conv2d": {"features": 16, "kernel_size": 3, "padding": 1}}],
    })
)  # fmt: skip
ROW, COLUMN = 6, 6
SEEN = np.s_[5:8, 5:8]
PATCHES = np.s_[4:8, 4:8]


def both(value):
    """(network's outputs, exact outputs) of a first picture with one value that is not like the others."""
    model = xonet.Model(NETWORK, seed=1)
    x = np.random.default_rng(0).normal(size=(PICTURES, 12, 12, 16)).astype(np.float32)
    x[0, ROW, COLUMN, 3] = value
    rows = [window for i in range(3) for j in range(3) for window in [np.pad(x[0], ((1, 1), (1, 1), (0, 0)))[i:, j:]]]
    weights = model.parameters["layers.0.weights"].astype(np.float64).reshape(16, 9, 16)
    with np.errstate(invalid="ignore"):
        exact = sum(window[:12, :12].astype(np.float64) @ weights[:, tap].T for tap, window in enumerate(rows))
    return model.predict(x)[0].reshape(12, 12, 16), exact


@pytest.mark.parametrize("value", [1.0, 1e3, 1e6])
def test_an_error_is_relative_to_the_largest_of_its_patch(value):
    found, exact = both(value)
    error = np.abs(found - exact).max(axis=-1)
    assert error[PATCHES].max() < 1e-6 * max(value, 10)
    error[PATCHES] = 0
    assert error.max() < 1e-5


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_an_infinity_spreads_over_its_patches_and_no_further(value):
    found, _ = both(value)
    lost = ~np.isfinite(found).all(axis=-1)
    assert lost[SEEN].all()
    lost[PATCHES] = False
    assert not lost.any()
