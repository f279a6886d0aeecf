"""Shares: drawn picture by picture, so that files that come or go move no other."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xonet.data import SOURCES, DataError, Dataset, Look
from xonet.data._split import base_of, check_shares, number, numbers, split, trained_on, without_pictures

SHARES = st.fixed_dictionaries(
    {}, optional={"validation": st.floats(0.01, 0.45), "test": st.floats(0.01, 0.45)}
).filter(bool)
KEYS = st.lists(st.text(min_size=1, max_size=8), unique_by=base_of, max_size=60)


def numbered(labels, keys=None):
    """A dataset whose picture i has the value i."""
    pictures = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return Dataset(pictures, np.array(labels), [f"picture {i}" for i in range(len(labels))], ["a note"], keys)


def roles(keys, shares, seed):
    """The set that each key falls into."""
    parts = split(numbered([0] * len(keys), keys), shares, seed)
    return {key: role for role, part in parts.items() for key in part.keys}


@given(keys=KEYS, more=KEYS, shares=SHARES, seed=st.integers(0, 2**70))
def test_files_that_come_or_go_move_no_other(keys, more, shares, seed):
    every = list({base_of(key): key for key in [*keys, *more]}.values())
    try:
        before, after = roles(keys, shares, seed), roles(sorted(every), shares, seed)
    except DataError:
        return
    assert {key: role for key, role in after.items() if key in before} == before


@given(count=st.integers(2, 300), shares=SHARES, seed=st.integers(0, 9))
def test_parts_are_disjoint_and_nothing_is_lost(count, shares, seed):
    dataset = numbered([0, 1] * (count // 2) + [0] * (count % 2))
    try:
        parts = split(dataset, shares, seed)
    except DataError as error:
        assert error.code == "empty-share" and error.help
        with pytest.raises(DataError):
            check_shares(Look(count), shares, seed)
        return
    check_shares(Look(count), shares, seed)
    assert trained_on(Look(count), shares, seed) == len(parts["train"])
    assert (
        sorted(i for part in parts.values() for i in part.pictures.ravel()) == [*range(count)] if count < 256 else True
    )
    for part in parts.values():
        assert part.names == [f"picture {i}" for i in part.pictures.ravel()] if count < 256 else True


def test_one_share_does_not_move_the_other():
    keys = [f"X/{i}.png" for i in range(2000)]
    alone, both = roles(keys, {"validation": 0.1}, 0), roles(keys, {"validation": 0.1, "test": 0.3}, 0)
    assert {key for key, role in alone.items() if role == "validation"} == {
        key for key, role in both.items() if role == "validation"
    }
    counts = {role: [*both.values()].count(role) for role in ("train", "validation", "test")}
    assert abs(counts["validation"] - 200) < 50 and abs(counts["test"] - 600) < 80


@given(base=st.integers(0, 10**6), seed=st.integers(0, 2**70))
def test_validate_and_run_draw_the_same(base, seed):
    assert int(numbers(base % 50 + 1, None, seed)[-1]) == number(base % 50, seed)
    assert int(numbers(1, [str(base)], seed)[0]) == number(base_of(str(base)), seed)


def test_names_are_the_same_on_every_machine():
    assert base_of("é/1.png") == base_of(unicodedata.normalize("NFD", "é/1.png"))
    assert base_of("X/1.png") == base_of("X\\1.png")
    assert number(base_of("X/1.png"), 0) == 0x9627157CF39D2D7


def test_the_seed_decides():
    dataset = numbered([0, 1] * 100)
    first, again, other = (split(dataset, {"test": 0.1}, seed)["test"].pictures.ravel().tolist() for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize("share", [0.0001, 0.9999, 1e-300])
def test_nothing_may_be_left_empty(share):
    with pytest.raises(DataError, match=r"a share of .* of 4 pictures leaves none"):
        split(numbered([0, 0, 1, 1]), {"test": share}, 0)


def test_a_class_without_pictures_is_told():
    assert without_pictures("test", numbered([0, 1]), ("X", "O")) is None
    told = without_pictures("test", numbered([0, 0]), ("X", "O", "Q"))
    assert "no pictures of the class O and 1 more (2 of 3 classes)" in told.message


def test_a_share_is_no_training_data(wanted):
    with pytest.raises(DataError, match=r"share takes from data\.train"):
        SOURCES.make({"share": 0.1}).load(wanted())
