"""`polynomial`."""

from __future__ import annotations

import pytest

from tests.schedules.contract import lambdas, rates

CASES = [
    ({}, lambda torch, optimizer, epochs, steps: torch.PolynomialLR(optimizer, epochs * steps)),
    ({"power": 2.5}, lambda torch, optimizer, epochs, steps: torch.PolynomialLR(optimizer, epochs * steps, power=2.5)),
    (
        {"power": 0.5, "final": 0.1},
        lambda torch, optimizer, epochs, steps: lambdas(
            torch, optimizer, lambda step: 0.1 + 0.9 * (1 - step / epochs / steps) ** 0.5
        ),
    ),
]


def test_a_line():
    assert rates("polynomial", {}, 2, 2) == [1, 0.75, 0.5, 0.25]


def test_a_part_of_an_epoch_is_the_end():
    assert rates("polynomial", {"final": 0.5}, 2.5, 2) == pytest.approx([1, 0.9, 0.8, 0.7, 0.6])
