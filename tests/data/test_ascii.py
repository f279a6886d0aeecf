"""`ascii`: what is drawn comes out, and what cannot be right is said."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.data import SOURCES, DataError
from xonet.data.ascii import Ascii


def drawn(*drawings):
    return SOURCES.make({"ascii": list(drawings)})


def test_ink_is_black_and_paper_white(wanted):
    source = drawn({"label": "O", "pixels": "#.\n.#\n##\n"}, {"label": "X", "pixels": "..\n..\n.#\n"})
    data = source.load(wanted(3, 2))
    assert isinstance(source, Ascii)
    assert data.pictures[..., 0].tolist() == [[[0, 255], [255, 0], [0, 0]], [[255, 255], [255, 255], [255, 0]]]
    assert data.pictures.dtype == np.uint8
    assert data.targets.tolist() == [1, 0] and data.names == ["O", "X"]


def test_channels_are_copies(wanted):
    data = drawn({"label": "X", "pixels": "#."}).load(wanted(1, 2, 3))
    assert data.pictures.tolist() == [[[[0, 0, 0], [255, 255, 255]]]]


def test_without_labels_there_are_no_targets(wanted):
    data = drawn({"pixels": "#"}).load(wanted(1, 1))
    assert data.targets is None and data.names is None


def test_without_classes_a_label_is_a_name(wanted):
    data = drawn({"label": "corner", "pixels": "#"}).load(wanted(1, 1, classes=()))
    assert data.targets is None and data.names == ["corner"]


@pytest.mark.parametrize(
    ("drawings", "message"),
    [
        ([{"pixels": "#.\n"}], "drawing 1 has 1 row, but the input is 2 × 2"),
        ([{"pixels": "#.\n##\n"}, {"pixels": "#.\n#\n"}], "row 2 of drawing 2 has 1 pixel"),
        ([{"pixels": "#.\n#x\n"}], "drawing 1 contains 'x'"),
        ([{"label": "Z", "pixels": "#.\n##\n"}], "drawing 1 is labelled Z, which is not one of the classes X, O"),
        ([{"label": "X", "pixels": "#.\n##\n"}, {"pixels": "#.\n##\n"}], "drawing 2 has no label"),
    ],
)
def test_bad_drawings(wanted, drawings, message):
    with pytest.raises(DataError, match=message):
        drawn(*drawings).load(wanted(2, 2))
