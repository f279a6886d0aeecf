"""Pictures on which nothing is left are told."""

from __future__ import annotations

import numpy as np

from xonet.data import Dataset
from xonet.data._blank import blank, blank_notes


def pictures(*made):
    return np.array(made, np.uint8)[..., None]


X = [[0, 255], [255, 0]]


def test_one_plain_colour_and_all_but_black():
    plain, grain, dark, faint = [[200] * 2] * 2, [[200, 203], [200, 201]], [[0, 16], [3, 9]], [[0, 17], [3, 9]]
    assert blank(pictures(X, plain, grain, dark, faint)) == [1, 2, 3]
    red = np.zeros((1, 2, 2, 3), np.uint8) + np.array([255, 0, 0], np.uint8)
    assert blank(red) == [0]
    red[0, 0, 0, 2] = 200
    assert blank(red) == []


def test_what_is_never_blank():
    assert blank(np.zeros((5, 1, 1, 1), np.uint8)) == []
    assert blank(np.zeros((5, 3, 3, 1), np.float32)) == []
    assert blank(np.zeros((0, 3, 3, 1), np.uint8)) == []


def test_many_are_counted_and_the_first_named():
    many = np.zeros((9000, 2, 2, 1), np.uint8)
    many[::2] = pictures(X)
    assert blank(many) == [*range(1, 9000, 2)]
    assert blank_notes(Dataset(many, None), "data.train: ") == [
        "data.train: 4,500 of 9,000 pictures are blank after preparation (one plain colour, or all but black): "
        "1, 3, 5, …"
    ]
    one = Dataset(pictures(X, [[9, 9], [9, 9]]), None, names=["x.png", "no.png"])
    assert blank_notes(one) == [
        "1 of 2 pictures is blank after preparation (one plain colour, or all but black): no.png"
    ]
    assert blank_notes(Dataset(pictures(X), None)) == []
