"""`hard_tanh`: its cases, what it makes of one number, and what it refuses."""

from __future__ import annotations

import pytest

from tests.layers.contract import refusal, shape

CASES = [({}, (2, 3, 2)), ({"min_val": 0, "max_val": 0.5}, (5,)), ({"max_val": 6}, (4,))]


def value(layer, x):
    """In another way than the layer's own."""
    return sorted((layer.min_val, x, layer.max_val))[1]


def drawn(rng):
    """Knobs and a shape."""
    low, high = sorted(rng.normal(size=2) * 2)
    return {"min_val": float(low), "max_val": float(high)}, shape(rng)


@pytest.mark.parametrize("knobs", [{"min_val": 1}, {"max_val": -1}, {"min_val": 2, "max_val": -2}], ids=str)
def test_a_range_that_ends_before_it_begins_is_refused(knobs):
    assert refusal("hard_tanh", knobs, (3,)).code == "empty-interval"
