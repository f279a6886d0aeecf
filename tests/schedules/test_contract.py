"""Every schedule keeps to the contract of its family.

`tests/schedules/test_<word>.py` has `CASES`, a list of (knobs,).
"""

from __future__ import annotations

import pytest

from tests.rooms import cases, has_tests, own_tests
from tests.schedules.contract import rates
from xonet.schedules import SCHEDULES

EVERY_CASE = pytest.mark.parametrize(("word", "knobs"), cases(SCHEDULES))


@pytest.mark.parametrize("word", SCHEDULES.members)
def test_has_cases(word):
    assert has_tests(SCHEDULES, word) and own_tests(SCHEDULES, word).CASES


@EVERY_CASE
def test_warm_up_rises_in_a_line(word, knobs):
    cold = rates(word, knobs, 4, 4)
    warm = rates(word, {**knobs, "warmup_epochs": 1}, 4, 4)
    assert [w / c for w, c in zip(warm, cold, strict=True)] == pytest.approx([0.25, 0.5, 0.75, 1] + [1] * 12)


@EVERY_CASE
def test_stays_between_zero_and_the_learning_rate(word, knobs):
    for rate in rates(word, knobs, 7, 5, 0.2):
        assert 0 < rate <= 0.2 + 1e-12
