"""Every schedule keeps to the contract of its family.

`tests/schedules/test_<word>.py` has `CASES`, a list of (knobs, PyTorch's): a function of torch.optim.lr_scheduler, an
optimizer whose learning rate is 1, epochs, and steps in each, or None where PyTorch has none like it.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.members import cases, has_tests, own_tests
from tests.schedules.contract import rates
from xonet.schedules import SCHEDULES, steps_of

EVERY_CASE = pytest.mark.parametrize(("word", "knobs", "theirs"), cases(SCHEDULES))
LENGTHS = pytest.mark.parametrize(("epochs", "steps"), [(5, 3), (10, 7), (6, 10), (4, 25)])


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
    for rate in rates(word, knobs, 7, 5, 1):
        assert 0 < rate <= 1 + 1e-12


@EVERY_CASE
@given(
    epochs=st.integers(1, 9) | st.floats(0.01, 9, allow_subnormal=False),
    steps=st.integers(1, 9),
    warm=st.sampled_from([0, 0.3, 1, 20]) | st.floats(0, 9),
    learning_rate=st.floats(1e-6, 1e3),
)
def test_is_positive_and_finite(word, knobs, theirs, epochs, steps, warm, learning_rate):
    found = rates(word, {**knobs, "warmup_epochs": warm}, epochs, steps, learning_rate)
    assert len(found) == steps_of(epochs, steps) >= 1
    assert all(rate > 0 and math.isfinite(rate) for rate in found)


@EVERY_CASE
def test_a_new_record_goes_on_alike(word, knobs, theirs):
    """What a resumed run has is the file: whatever was asked for before, a step has its learning rate."""
    one = SCHEDULES.make({word: knobs})
    whole = [one.rate(one.after(0.1, []), step, 4, 2.5) for step in range(10)]
    again = SCHEDULES.make({word: knobs})
    assert [again.rate(again.after(0.1, []), step, 4, 2.5) for step in range(5, 10)] == whole[5:]


@pytest.mark.parametrize(
    ("epochs", "steps", "expected"),
    [(3, 7, 21), (0, 7, 0), (2.5, 4, 10), (2.5, 7, 18), (0.1, 50, 5), (1.1, 10, 11), (1e-30, 7, 1), (0.0, 7, 0)],
)
def test_a_part_of_an_epoch_is_of_whole_steps(epochs, steps, expected):
    assert steps_of(epochs, steps) == expected
