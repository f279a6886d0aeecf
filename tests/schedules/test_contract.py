"""Every schedule keeps to the contract of its family.

`tests/schedules/test_<word>.py` has `CASES`, a list of (knobs, PyTorch's): a function of torch.optim.lr_scheduler, an
optimizer whose learning rate is 1, epochs, and steps in each, or None where PyTorch has none like it.
"""

from __future__ import annotations

import pytest

from tests.members import cases, has_tests, own_tests
from tests.schedules.contract import rates
from xonet.schedules import SCHEDULES

EVERY_CASE = pytest.mark.parametrize(("word", "knobs", "theirs"), cases(SCHEDULES))
LENGTHS = pytest.mark.parametrize(("epochs", "steps"), [(5, 3), (10, 7), (4, 25)])


@pytest.mark.parametrize("word", SCHEDULES.members)
def test_has_cases(word):
    assert has_tests(SCHEDULES, word) and own_tests(SCHEDULES, word).CASES


@EVERY_CASE
@LENGTHS
def test_every_step_is_torchs(word, knobs, theirs, epochs, steps):
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    if theirs is None:
        pytest.skip("PyTorch has none like it")
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1)
    schedule, expected = theirs(torch.optim.lr_scheduler, optimizer, epochs, steps), []
    for _ in range(epochs * steps):
        expected.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates(word, knobs, epochs, steps) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@EVERY_CASE
@LENGTHS
@pytest.mark.parametrize("warm", [1, 2, 0.7])
def test_warm_up_rises_in_a_line(word, knobs, theirs, epochs, steps, warm):
    cold = rates(word, knobs, epochs, steps)
    rising = [min(1, (step + 1) / (warm * steps)) for step in range(epochs * steps)]
    expected = [rate * share for rate, share in zip(cold, rising, strict=True)]
    assert rates(word, {**knobs, "warmup_epochs": warm}, epochs, steps) == pytest.approx(expected)


@EVERY_CASE
def test_stays_between_zero_and_the_learning_rate(word, knobs, theirs):
    for rate in rates(word, knobs, 7, 5, 0.2):
        assert 0 < rate <= 0.2 + 1e-12
