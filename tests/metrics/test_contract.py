"""Every metric keeps to the contract of its family.

`tests/metrics/test_<word>.py` has `CASES`, a list of (name,), `naive(case)` in plain loops, and `scikit(case)` where
scikit-learn has it, otherwise None.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.members import cases, has_tests, own_tests
from tests.metrics.drawn import Case, draw, meter
from xonet.losses import ANSWERS, LABELS, VALUES
from xonet.metrics import METRICS

EVERY = [
    pytest.param(*case.values, answers, id=f"{case.values[1]}-{answers}")
    for case in cases(METRICS)
    for answers in METRICS.members[case.values[0]].fits
]
EVERY_CASE = pytest.mark.parametrize(("word", "name", "answers"), EVERY)
NAMES = {answers: [name for _, name, fits in (each.values for each in EVERY) if fits == answers] for answers in ANSWERS}


def number(name: str) -> list[int]:
    """That in a name: 5 of `top_5_accuracy`; none of others."""
    return [int(part) for part in name.split("_") if part.isdigit()]


def rare(case: Case) -> list[Case]:
    """The same data, as bad as they can be: one picture; one class only; all equal; nothing predicted rightly."""
    one = Case(case.answers, case.scores[:1], case.targets[:1])
    alike = Case(case.answers, case.scores, np.repeat(case.targets[:1], len(case.targets), axis=0))
    equal = Case(case.answers, np.ones_like(case.scores), case.targets)
    low = Case(case.answers, -np.abs(case.scores) - 1, case.targets)
    none = Case(case.answers, case.scores, np.zeros_like(case.targets))
    return [one, alike, equal, low, none]


@pytest.mark.parametrize("word", METRICS.members)
def test_has_cases(word):
    assert has_tests(METRICS, word) and own_tests(METRICS, word).CASES


@pytest.mark.parametrize("seed", range(5))
@EVERY_CASE
def test_is_what_loops_compute(word, name, answers, seed):
    for case in (draw(answers, seed), *rare(draw(answers, seed, count=20))):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = meter(case, [name]).row[name]
        assert math.isfinite(found)
        assert found == pytest.approx(own_tests(METRICS, word).naive(case, *number(name)), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
@EVERY_CASE
def test_is_what_scikit_learn_says(word, name, answers, seed):
    pytest.importorskip("sklearn")
    for case in (draw(answers, seed), *rare(draw(answers, seed, count=20))):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = own_tests(METRICS, word).scikit(case, *number(name))
        if expected is not None and not math.isnan(expected):
            assert meter(case, [name]).row[name] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(answers=st.sampled_from(ANSWERS), seed=st.integers(0, 1000), cuts=st.lists(st.integers(0, 60), max_size=5))
def test_the_cut_changes_no_bit(answers, seed, cuts):
    case = draw(answers, seed, count=60)
    assert meter(case, NAMES[answers], cuts).row == meter(case, NAMES[answers]).row


@given(answers=st.sampled_from(ANSWERS), seed=st.integers(0, 1000))
def test_the_order_does_not_matter(answers, seed):
    case = draw(answers, seed, count=60)
    order = np.random.default_rng(seed).permutation(60)
    found, expected = meter(case, NAMES[answers], order=order).row, meter(case, NAMES[answers]).row
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("answers", ANSWERS)
def test_blocks_of_a_meter_change_no_bit(answers, monkeypatch):
    case = draw(answers)
    expected = meter(case, NAMES[answers]).row
    monkeypatch.setattr("xonet.training.metrics.BLOCK", 7)
    assert meter(case, NAMES[answers]).row == expected


@EVERY_CASE
def test_each_class_or_label_is_told_by_itself(word, name, answers):
    case = draw(answers)
    each = meter(case, [name]).of_each.get(name)
    if each is None:
        return
    assert len(each) == case.classes
    assert meter(case, [name]).row[name] == pytest.approx(np.mean([one for one in each if one is not None]))


@pytest.mark.parametrize("word", METRICS.members)
@pytest.mark.parametrize("answers", ANSWERS)
def test_what_does_not_fit_is_refused(word, answers):
    name, fits = word.replace("_k_", "_2_"), METRICS.members[word].fits
    if answers not in fits:
        with pytest.raises(ValueError, match=f"{name} cannot be measured"):
            meter(draw(answers), [name])


def test_scores_that_are_no_numbers_are_quiet():
    for answers in ANSWERS:
        case = draw(answers, count=20)
        case.scores[3], case.scores[5] = np.nan, np.inf
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _ = meter(case, NAMES[answers]).row


def test_only_what_is_asked_for_is_kept():
    assert set(meter(draw(VALUES), []).row) == {"loss"}
    assert set(meter(draw(LABELS), []).row) == {"loss", "accuracy"}
    assert set(meter(draw(LABELS), ["accuracy"])._tallies) == {"Answers"}


@pytest.mark.parametrize("word", METRICS.members)
def test_says_where_it_is_from_and_has_other_names(word):
    member = METRICS.members[word]
    assert member.summary().endswith((".", "Σ(mean - value)²."))
    assert member.also or any(word in text for text in METRICS.advice.values()) or word == "top_k_accuracy"
