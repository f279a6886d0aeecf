"""`cosine`."""

from __future__ import annotations

import math

import pytest

from tests.schedules.contract import rates
from xonet.schedules import SCHEDULES

CASES = [
    ({}, lambda torch, optimizer, epochs, steps: torch.CosineAnnealingLR(optimizer, epochs * steps)),
    (
        {"final": 0.1},
        lambda torch, optimizer, epochs, steps: torch.CosineAnnealingLR(optimizer, epochs * steps, eta_min=0.1),
    ),
]


def test_follows_half_a_cosine():
    assert rates("cosine", {}, 4, 1) == pytest.approx([1, (1 + math.sqrt(0.5)) / 2, 0.5, (1 - math.sqrt(0.5)) / 2])


def test_ends_at_its_final_fraction():
    assert SCHEDULES.make({"cosine": {"final": 0.1}}).scale(4, 4) == pytest.approx(0.1)
