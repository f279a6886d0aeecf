"""`step`."""

from __future__ import annotations

from tests.schedules.contract import rates

CASES = [
    ({"every": 2}, lambda torch, optimizer, epochs, steps: torch.StepLR(optimizer, 2 * steps)),
    (
        {"every": 3, "factor": 0.5},
        lambda torch, optimizer, epochs, steps: torch.StepLR(optimizer, 3 * steps, gamma=0.5),
    ),
]


def test_falls_every_few_epochs():
    assert rates("step", {"every": 2, "factor": 0.5}, 5, 2) == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]
