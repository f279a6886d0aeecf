"""`plateau`: what follows from a history's rows, beside PyTorch's."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xonet.schedules import SCHEDULES

CASES = [({}, None), ({"monitor": "loss", "factor": 0.5, "patience": 0}, None)]
"""The contract's schedules know no history, and without one it is constant."""

KNOBS = st.fixed_dictionaries(
    {
        "monitor": st.sampled_from(["loss", "accuracy"]),
        "factor": st.sampled_from([0.1, 0.5, 0.9]),
        "patience": st.integers(0, 3),
        "threshold": st.sampled_from([0, 1e-4, 0.1, 0.5]),
        "threshold_mode": st.sampled_from(["relative", "absolute"]),
        "cooldown": st.integers(0, 3),
        "minimum": st.sampled_from([0, 0.02, 0.3]),
    }
)
VALUES = st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.52, 0.99, 1.0]) | st.floats(0, 1), min_size=1, max_size=60)


def rows(knobs, values):
    """A history in which one column is measured."""
    return [{"epoch": number, knobs["monitor"]: value} for number, value in enumerate(values, 1)]


@given(KNOBS, VALUES)
def test_as_torchs(knobs, values):
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.2)
    mode = "max" if knobs["monitor"] == "accuracy" else "min"
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode, knobs["factor"], knobs["patience"], knobs["threshold"],
        {"relative": "rel", "absolute": "abs"}[knobs["threshold_mode"]], knobs["cooldown"], knobs["minimum"],
    )  # fmt: skip
    ours, told = SCHEDULES.make({"plateau": knobs}), rows(knobs, values)
    for number, value in enumerate(values):
        assert ours.after(0.2, told[:number]) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
        theirs.step(value)
    assert ours.after(0.2, told) == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)


@given(KNOBS, VALUES)
def test_the_same_bits_after_a_resume(knobs, values):
    """What a checkpoint holds is JSON."""
    schedule, told = SCHEDULES.make({"plateau": knobs}), rows(knobs, values)
    assert schedule.after(0.2, json.loads(json.dumps(told))) == schedule.after(0.2, told) > 0


def test_falls_once_patience_is_over():
    schedule = SCHEDULES.make({"plateau": {"monitor": "loss", "patience": 1, "factor": 0.5}})
    told = rows({"monitor": "loss"}, [3, 2, 2, 2, 2, 2])
    assert [schedule.after(1, told[:count]) for count in range(7)] == [1, 1, 1, 1, 0.5, 0.5, 0.25]


def test_rows_without_the_column_are_no_improvement():
    """As after a resume with another monitor."""
    schedule = SCHEDULES.make({"plateau": {"monitor": "accuracy", "patience": 0, "factor": 0.5}})
    assert schedule.after(1, [{"loss": 1}, {"accuracy": 0.5}, {"accuracy": 0.6}]) == 0.5
