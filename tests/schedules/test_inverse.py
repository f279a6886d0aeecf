"""`inverse`."""

from __future__ import annotations

import pytest

from tests.schedules.contract import lambdas, rates

CASES = [
    (
        {"decay": 0.5},
        lambda torch, optimizer, epochs, steps: lambdas(torch, optimizer, lambda step: 1 / (1 + 0.5 * step / steps)),
    ),
    (
        {"decay": 0.0938, "power": 0.75},
        lambda torch, optimizer, epochs, steps: lambdas(
            torch, optimizer, lambda step: (1 + 0.0938 / steps * step) ** -0.75
        ),
    ),
]  # fmt: skip


def test_caffes_lenet():
    """Base rate 0.01, gamma 0.0001, power 0.75; 60,000 pictures in batches of 64 are 938 steps."""
    found = rates("inverse", {"decay": 0.0938, "power": 0.75}, 2, 938, 0.01)
    assert found[::500] == pytest.approx([0.01 * (1 + 0.0001 * step) ** -0.75 for step in range(0, 2 * 938, 500)])
