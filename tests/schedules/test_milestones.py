"""`milestones`."""

from __future__ import annotations

from tests.schedules.contract import rates

CASES = [
    (
        {"at": [2, 3]},
        lambda torch, optimizer, epochs, steps: torch.MultiStepLR(optimizer, [2 * steps, 3 * steps]),
    ),
    (
        {"at": [1, 2, 7], "factor": 0.2},
        lambda torch, optimizer, epochs, steps: torch.MultiStepLR(optimizer, [steps, 2 * steps, 7 * steps], gamma=0.2),
    ),
]


def test_falls_after_each():
    assert rates("milestones", {"at": [1, 3], "factor": 0.5}, 4, 2) == [1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]


def test_amid_an_epoch():
    assert rates("milestones", {"at": [1.5], "factor": 0.5}, 2, 4) == [1] * 6 + [0.5] * 2
    assert rates("milestones", {"at": [1.1], "factor": 0.5}, 2, 10) == [1] * 11 + [0.5] * 9
