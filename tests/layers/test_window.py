"""The shape arithmetic of windows against a window that walks, and the knob `padding`."""

from __future__ import annotations

from itertools import product

import pytest

from tests.layers.contract import make
from tests.layers.windows import starts
from xonet.language.shapes import Shape, slide
from xonet.layers._window import Padding, arithmetic, axes


@pytest.mark.parametrize("padding", ["valid", "same", (0, 0), (1, 1), (2, 0), (0, 3)])
@pytest.mark.parametrize("ceil", [False, True])
def test_slide_is_what_a_walk_finds(padding, ceil):
    for length, window, stride, dilation in product(range(1, 9), range(1, 5), range(1, 5), (1, 2)):
        axis = slide(length, window, stride, dilation, padding, ceil)
        # Pools, the only ones that know `ceil`, refuse a padding as wide as the window, and everyone an empty output.
        if axis.output < 1 or (ceil and max(axis.before, axis.after) >= window):
            continue
        walk, end = starts(length, window, stride, padding, dilation, ceil)
        assert [place * stride - axis.before for place in range(axis.output)] == walk
        assert length + axis.after == end
        for place, start in enumerate(walk):
            on_input = [tap for tap in range(window) if 0 <= start + tap * dilation < length]
            assert list(range(*axis.taps(place))) == on_input


def test_empty_where_the_window_is_larger():
    assert slide(3, 4).output == 0
    assert slide(3, 2, dilation=3).output == 0
    assert slide(1, 5, 2, ceil=True).output < 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((9, 3), "9 - 3 + 1 = 7"),
        ((9, 3, 1, 1, (1, 1)), "9 + 1 + 1 - 3 + 1 = 9"),
        ((8, 2, 2), "(8 - 2) / 2 + 1 = 4"),
        ((9, 2, 2), "⌊(9 - 2) / 2⌋ + 1 = 4"),
        ((9, 2, 2, 1, "valid", True), "⌈(9 - 2) / 2⌉ + 1 = 5"),
        ((8, 3, 2, 1, "same"), "(8 + 0 + 1 - 3) / 2 + 1 = 4"),
    ],
)
def test_arithmetic_is_true(arguments, said):
    assert slide(*arguments).arithmetic == said


def test_arithmetic_says_both_axes_where_they_differ():
    assert arithmetic(*axes(Shape((9, 9, 1)), (3, 3), (1, 1), "valid")) == "9 - 3 + 1 = 7"
    assert arithmetic(*axes(Shape((9, 5, 1)), (3, 3), (1, 1), "valid")) == "9 - 3 + 1 = 7, 5 - 3 + 1 = 3"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("same", "same"),
        (1, ((1, 1), (1, 1))),
        ([1, 2], ((1, 1), (2, 2))),
        ([[1, 2], [3, 4]], ((1, 2), (3, 4))),
        ([1, [3, 4]], ((1, 1), (3, 4))),
    ],
)
def test_padding_means(written, value):
    assert Padding().value(written) == value
    assert make("max_pool2d", {"window": 9, "padding": written}).padding == value
