"""`channel_shuffle`: naive loops, its cases, its refusals."""

from __future__ import annotations

import numpy as np

from tests.layers.contract import refusal

CASES = [({"groups": 2}, (2, 3, 6)), ({"groups": 3}, (1, 2, 36)), ({"groups": 1}, (2, 1, 3))]


def naive(layer, parameters, x):
    """A group's channels are dealt out, one to each `groups` places."""
    y, own = np.zeros_like(x), x.shape[-1] // layer.groups
    for c in range(x.shape[-1]):
        group, number = divmod(c, own)
        y[..., number * layer.groups + group] = x[..., c]
    return y


def test_refuses():
    error = refusal("channel_shuffle", {"groups": 4}, (4, 3, 6))
    assert (error.code, error.knob) == ("groups-mismatch", "groups")
    assert error.message == "6 channels cannot be split into 4 groups"
    assert error.help == "use a number of groups that divides 6 channels"
    assert refusal("channel_shuffle", {"groups": 2}, (4,)).code == "needs-picture"
