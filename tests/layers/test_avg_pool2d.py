"""`avg_pool2d`: naive loops, its cases, and what the mean counts."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make, run
from tests.layers.test_max_pool2d import CASES as POOL_CASES
from tests.layers.test_max_pool2d import windows
from xonet.layers import LAYERS

CASES = [*POOL_CASES, *[({**knobs, "count_padding": True}, shape) for knobs, shape in POOL_CASES]]


def naive(layer, parameters, x):
    """The sum of what is on the picture, divided by how much counts."""
    (tops, bottom), (lefts, right) = windows(layer, x.shape[1:])
    y = np.zeros((len(x), len(tops), len(lefts), x.shape[-1]))
    for n, i, j, c in np.ndindex(y.shape):
        total, count = 0.0, 0
        for row in range(tops[i], tops[i] + layer.window[0]):
            for column in range(lefts[j], lefts[j] + layer.window[1]):
                on_picture = 0 <= row < x.shape[1] and 0 <= column < x.shape[2]
                if on_picture:
                    total += x[n, row, column, c]
                count += on_picture or (layer.count_padding and row < bottom and column < right)
        y[n, i, j, c] = total / count
    return y


@pytest.mark.parametrize(("count_padding", "corner"), [(False, 1.0), (True, 0.25)])
def test_padding_counts_only_where_asked(count_padding, corner):
    layer = make("avg_pool2d", {"window": 2, "padding": 1, "count_padding": count_padding})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.ones((1, 4, 4, 1)), run(False, 1))
    assert y[0, 0, 0, 0] == corner


@pytest.mark.parametrize("count_padding", [False, True])
def test_is_what_torch_computes(count_padding):
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    layer = make("avg_pool2d", {"window": 3, "stride": 2, "padding": 1, "ceil": True, "count_padding": count_padding})
    x = np.random.default_rng(0).normal(size=(2, 6, 7, 3))
    y = LAYERS.part(layer, "reference").forward(layer, {}, x, run(False, 2))
    theirs = torch.nn.functional.avg_pool2d(
        torch.tensor(x.transpose(0, 3, 1, 2)), 3, 2, 1, ceil_mode=True, count_include_pad=count_padding
    )
    np.testing.assert_allclose(y, theirs.numpy().transpose(0, 2, 3, 1), rtol=1e-12)
