"""`one_cycle`: the places that matter, and PyTorch's."""

from __future__ import annotations

import pytest

from xonet.schedules import SCHEDULES

CASES = [({},), ({"peak": 0.5, "start_divisor": 10, "final_divisor": 1},)]


def test_start_middle_peak_and_end():
    schedule = SCHEDULES.make("one_cycle")
    assert schedule.scale(0, 10) == pytest.approx(1 / 25)
    assert schedule.scale(1.5, 10) == pytest.approx((1 + 1 / 25) / 2)
    assert schedule.scale(3, 10) == pytest.approx(1)
    assert schedule.scale(10, 10) == pytest.approx(1 / 25 / 1e4)


def test_is_torchs():
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1)
    theirs = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1, total_steps=1001, cycle_momentum=False)
    schedule = SCHEDULES.make("one_cycle")
    for step in range(1001):
        # PyTorch's peak comes up to a step before the fraction, ours at it: over 1000 steps that is less than 0.006.
        assert schedule.scale(step / 1000, 1) == pytest.approx(theirs.get_last_lr()[0], abs=6e-3)
        optimizer.step()
        if step < 1000:
            theirs.step()
