"""Shares: stratified, seeded, nothing lost, nothing twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xonet.data import SOURCES, DataError, Dataset
from xonet.data._split import split


def numbered(labels):
    """A dataset whose picture i has the value i."""
    pictures = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1, 1)
    return Dataset(pictures, np.array(labels), [f"picture {i}" for i in range(len(labels))], ["a note"])


@given(
    labels=st.lists(st.integers(0, 3), min_size=2, max_size=200), share=st.floats(0.01, 0.99), seed=st.integers(0, 9)
)
def test_parts_are_disjoint_and_stratified(labels, share, seed):
    dataset = numbered(labels)
    try:
        rest, taken = split(dataset, share, seed)
    except DataError:
        assert all(round(labels.count(c) * share) in (0, labels.count(c)) for c in set(labels))
        return
    assert sorted([*rest.pictures.ravel(), *taken.pictures.ravel()]) == list(range(len(labels)))
    for part in (rest, taken):
        assert (np.diff(part.pictures.ravel().astype(int)) > 0).all()
        assert part.targets.tolist() == [labels[i] for i in part.pictures.ravel()]
        assert part.names == [f"picture {i}" for i in part.pictures.ravel()]
    for label in set(labels):
        assert (taken.targets == label).sum() == round(labels.count(label) * share)


def test_the_seed_decides():
    dataset = numbered([0, 1] * 100)
    first, again, other = (split(dataset, 0.1, seed)[1].pictures.ravel().tolist() for seed in (0, 0, 1))
    assert first == again != other


def test_without_classes():
    dataset = Dataset(np.zeros((10, 4), np.float32), None)
    rest, taken = split(dataset, 0.3, 0)
    assert (len(rest), len(taken), rest.targets) == (7, 3, None)


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_nothing_may_be_left_empty(share):
    with pytest.raises(DataError, match=r"cannot be taken out of 4 picture\(s\)"):
        split(numbered([0, 0, 1, 1]), share, 0)


def test_a_share_is_no_training_data(wanted):
    with pytest.raises(DataError, match=r"share takes from data\.train"):
        SOURCES.make({"share": 0.1}).load(wanted())
