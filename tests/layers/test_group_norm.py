"""`group_norm`: naive loops, its cases, and groups that do not fit."""

from __future__ import annotations

import pytest

from tests.layers import norms
from tests.layers.contract import refusal

CASES = [
    ({"groups": 1}, (3, 4, 2)),
    ({"groups": 2, "epsilon": 0.1}, (3, 4, 6)),
    ({"groups": 3, "shift": False}, (2, 5, 3)),
    ({"groups": 3, "scale": False}, (3, 3, 18)),
    ({"groups": 2, "scale": False, "shift": False, "trainable": False}, (1, 3, 4)),
    ({"groups": 2, "trainable": False}, (10,)),
]


def naive(layer, parameters, x):
    """The channels of a group, over all pixels."""
    width = x.shape[-1] // layer.groups
    return norms.loops(layer, parameters, x, lambda place: place[-1] // width)


def drawn(rng):
    """Knobs and a shape."""
    return norms.drawn(rng, groups=True)


@pytest.mark.parametrize(
    ("groups", "channels", "help"),
    [(5, 6, "use 1, 2, 3 or 6"), (32, 48, "use 12, 16, 24 or 48"), (3, 7, "use 1 or 7"), (2, 1, "use 1")],
)
def test_groups_that_do_not_divide_the_channels_are_refused(groups, channels, help):
    error = refusal("group_norm", {"groups": groups}, (3, 4, channels))
    assert error.code == "groups-mismatch" and error.knob == "groups"
    assert error.message == f"{channels} channels cannot be split into {groups} equal groups"
    assert error.help == help
