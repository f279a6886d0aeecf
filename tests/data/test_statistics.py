"""Mean and std of raw pictures, against NumPy and against exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest

from xonet.data import _statistics
from xonet.data._statistics import measure
from xonet.network.interface import Input


@pytest.mark.parametrize("part", [1, 1000, 1 << 20])
@pytest.mark.parametrize("shape", [(50, 6, 5, 3), (1, 4, 4, 1), (7, 300)])
def test_as_numpy_says(monkeypatch, part, shape):
    monkeypatch.setattr(_statistics, "PART", part)
    raw = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    knobs = (
        {"features": shape[-1]} if len(shape) == 2 else {"height": shape[1], "width": shape[2], "channels": shape[3]}
    )
    for more in ({}, {"range": [-1, 1]}, {"range": [-2, 5], "invert": True}):
        given = Input(**knobs, **more)
        low, high = given.range
        values = (255 - raw.astype(float) if given.invert else raw) / 255 * (high - low) + low
        axes = tuple(range(raw.ndim - 1))
        mean, std = measure(raw, given)
        np.testing.assert_allclose(mean, values.mean(axes), rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(std, values.std(axes), rtol=1e-12, atol=1e-12)


def test_sums_are_exact():
    """A single value that is different among very many: where sums are rounded, the variance is not this."""
    raw = np.full((1 << 14, 16, 16, 1), 255, np.uint8)
    raw[5, 3, 3] = 254
    mean, std = measure(raw, Input(height=16, width=16, range=[0, 255]))
    share = Fraction(1, raw.size)
    assert mean == [float(255 - share)]
    assert std == [sqrt(share * (1 - share))]


def test_one_value_has_no_spread_at_all():
    assert measure(np.full((1000, 7, 7, 1), 77, np.uint8), Input(height=7, width=7))[1] == [0]


def test_nothing_is_not_measured():
    with pytest.raises(ValueError, match="at least one picture"):
        measure(np.zeros((0, 7, 7, 1), np.uint8), Input(height=7, width=7))
