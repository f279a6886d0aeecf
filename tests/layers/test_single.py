"""How the places of a picture are cut for one picture at a time: each is there once, with what it sees."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from tests.layers.contract import make
from xonet.language.shapes import Shape
from xonet.layers._single import blocks_of, dealt, spans_of

SHAPES = [(6, 7, 3), (3, 9, 2), (13, 20, 1), (5, 5, 16)]
KNOBS = [
    {"kernel_size": 1},
    {"kernel_size": 3},
    {"kernel_size": [1, 3], "padding": 1},
    {"kernel_size": 1, "stride": 2},
    {"kernel_size": 3, "padding": "same", "stride": [2, 1]},
    {"kernel_size": [1, 2], "dilation": 3, "padding": [[0, 2], [3, 1]]},
]


def seen(y, x, taps):
    """An output place, the first input that it looks at, and (taps on the picture, the first of them) both ways."""
    return y, x if taps[0] and taps[2] else None, taps


def places(spans):
    """What each output place sees."""
    return Counter(
        seen(
            span.y + line * span.y_line + pixel * span.y_pixel,
            span.x + line * span.x_line + pixel * span.x_pixel,
            (span.taps_i, span.first_i, span.taps_j, span.first_j),
        )
        for span in spans
        for line, pixel in product(range(span.lines), range(span.pixels * span.tiles))
    )


def on_the_picture(axis, place):
    """The first input on the picture, how many, and which of the window's they are."""
    begin = place * axis.stride - axis.before
    on = [tap for tap in range(axis.window) if 0 <= begin + tap * axis.dilation < axis.input]
    return (begin + on[0] * axis.dilation, len(on), on[0]) if on else (0, 0, 0)


def looked_up(rows, columns, x_pixel, y_pixel):
    """The same, place by place."""
    found = Counter()
    for i, j in product(range(rows.output), range(columns.output)):
        (x_i, *taps_i), (x_j, *taps_j) = on_the_picture(rows, i), on_the_picture(columns, j)
        y, x = (i * columns.output + j) * y_pixel, (x_i * columns.input + x_j) * x_pixel
        found[seen(y, x, (*taps_i, *taps_j))] += 1
    return found


def axes(shape, knobs):
    return make("conv2d", {"features": 2, **knobs}).axes(Shape(shape))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("knobs", KNOBS, ids=str)
def test_spans_hold_every_place_once(shape, knobs):
    rows, columns = axes(shape, knobs)
    spans = spans_of(rows, columns, 5, 3)
    expected = looked_up(rows, columns, 5, 3)
    assert places(spans) == expected
    for parts in (1, 2, 3, 8):
        cut = dealt(spans, parts)
        assert len(cut) <= parts and all(cut)
        assert places([span for part in cut for span in part]) == expected


def test_rows_that_follow_each_other_are_one_line():
    assert all(span.lines == 1 for span in spans_of(*axes((6, 7, 3), {"kernel_size": 1}), 5, 3))
    assert any(span.lines > 1 for span in spans_of(*axes((6, 7, 3), {"kernel_size": 3}), 5, 3))


@pytest.mark.parametrize("features", [1, 15, 16, 17, 33, 64, 200, 1000])
@pytest.mark.parametrize(("steps", "pixels"), [(1, 1), (9, 1), (9, 2), (10000, 1)])
def test_blocks_hold_every_feature_once(features, steps, pixels):
    end = 0
    for sixteens, first, weights, _ in blocks_of(features, steps, pixels):
        assert first == end and weights == first * steps
        end += 16 * sixteens
    assert features <= end < features + 16
