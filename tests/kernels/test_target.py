"""Lengths are cut into blocks, in time that does not grow with their square."""

from __future__ import annotations

import pytest

from tests.counting import lines
from xonet.kernels import target

SIZES = [[8, 6, 4, 3, 2, 1], [14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1], [6, 4, 3, 2, 1], [2, 1], [1]]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("length", [0, 1, 7, 13, 97, 391, 392, 393, 500, 65536])
def test_as_few_blocks_as_can_be(length, sizes):
    blocks = target.cut(length, sizes)
    assert sum(blocks) == length and set(blocks) <= set(sizes) and blocks == sorted(blocks, reverse=True)
    assert len(blocks) - -(-length // max(sizes)) in (0, 1)  # 7 of [8, 6, 4, 3, 2, 1] is 4 + 3


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_a_long_length_is_no_more_work(sizes):
    target.cut(10_000, sizes)
    assert lines(lambda: target.cut(640_000, sizes)) <= lines(lambda: target.cut(10_000, sizes)) + 600
