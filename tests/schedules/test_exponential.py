"""`exponential`."""

from __future__ import annotations

import pytest

from tests.schedules.contract import rates

CASES = [
    (
        {"factor": factor},
        lambda torch, optimizer, epochs, steps, factor=factor: torch.ExponentialLR(optimizer, factor ** (1 / steps)),
    )
    for factor in (0.9, 0.3)
]


def test_falls_at_every_step():
    assert rates("exponential", {"factor": 0.25}, 2, 2) == pytest.approx([1, 0.5, 0.25, 0.125])
