"""`constant`."""

from __future__ import annotations

from tests.schedules.contract import rates

CASES = [({}, lambda torch, optimizer, epochs, steps: torch.ConstantLR(optimizer, 1))]


def test_never_changes():
    assert rates("constant", {}, 2, 2, 0.3) == [0.3] * 4
