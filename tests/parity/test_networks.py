"""Whole networks of everything are PyTorch's: a slice of what `python -m tests.parity --networks 300` runs."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

from tests.parity import draw
from tests.parity.__main__ import run
from tests.parity.test_pytorch import one_thread  # noqa: F401

SLICE = 40
SECONDS = 60
"""Of the clock, however slow the machine."""


def test_a_slice_of_networks():
    assert not run(0, range(SLICE), SECONDS)


def test_a_seed_draws_the_same_networks():
    first, second = ([draw.network(3, number)[0].text for number in range(10)] for _ in range(2))
    assert first == second
