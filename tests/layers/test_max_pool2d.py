"""`max_pool2d`: naive loops, its cases, ties, its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from tests.layers.contract import make, refusal, run
from tests.layers.windows import sides, starts
from xonet.language.shapes import Shape
from xonet.layers import LAYERS

CASES = [
    ({"window": 2}, (4, 6, 2)),
    ({"window": 2}, (5, 3, 1)),
    ({"window": 2, "ceil": True}, (5, 7, 2)),
    ({"window": 3, "stride": 1}, (4, 5, 1)),
    ({"window": 3, "stride": 2, "padding": 1}, (5, 6, 2)),
    ({"window": 3, "stride": 2, "padding": "same"}, (5, 4, 1)),
    ({"window": [2, 3], "stride": [3, 1], "padding": [[0, 1], [2, 0]], "ceil": True}, (6, 4, 1)),
    ({"window": 1, "stride": 2}, (5, 4, 2)),
    ({"window": 5, "stride": 2, "ceil": True}, (4, 6, 1)),
]


def windows(layer, shape):
    """Of every place, the rows and the columns of the window: ((start, end) not cut to the picture, padded end)."""
    (window_rows, window_columns), stride = layer.window, layer.stride or layer.window
    pad_rows, pad_columns = sides(layer.padding)
    rows = starts(shape[0], window_rows, stride[0], pad_rows, ceil=layer.ceil)
    columns = starts(shape[1], window_columns, stride[1], pad_columns, ceil=layer.ceil)
    return rows, columns


def naive(layer, parameters, x):
    """The greatest of what is on the picture."""
    (tops, _), (lefts, _) = windows(layer, x.shape[1:])
    y = np.zeros((len(x), len(tops), len(lefts), x.shape[-1]))
    for n, i, j, c in np.ndindex(y.shape):
        y[n, i, j, c] = max(
            x[n, row, column, c]
            for row in range(tops[i], tops[i] + layer.window[0])
            for column in range(lefts[j], lefts[j] + layer.window[1])
            if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]
        )
    return y


def test_a_tie_goes_to_the_first_in_reading_order():
    layer = make("max_pool2d", {"window": 2})
    x = np.array([[0.0, 3.0, 5.0, 5.0], [3.0, 3.0, 5.0, 5.0]]).reshape(1, 2, 4, 1)
    reference, how = LAYERS.part(layer, "reference"), run(True, 1)
    y = reference.forward(layer, {}, x, how)
    dx, _ = reference.backward(layer, {}, x, y, np.array([2.0, 7.0]).reshape(y.shape), how)
    assert dx.reshape(2, 4).tolist() == [[0, 2, 7, 0], [0, 0, 0, 0]]


def test_padding_does_not_win_over_negative_values():
    layer = make("max_pool2d", {"window": 2, "padding": 1})
    y = LAYERS.part(layer, "reference").forward(layer, {}, np.full((1, 3, 3, 1), -2.0), run(False, 1))
    assert (y == -2).all()


def test_shape_and_arithmetic():
    shape = Shape((7, 7, 3))
    kept, dropped = make("max_pool2d", {"window": 2, "ceil": True}), make("max_pool2d", {"window": 2})
    assert kept.output_shape(shape) == (4, 4, 3)
    assert kept.arithmetic(shape) == "⌈(7 - 2) / 2⌉ + 1 = 4"
    assert dropped.output_shape(shape) == (3, 3, 3)
    assert dropped.arithmetic(shape) == "⌊(7 - 2) / 2⌋ + 1 = 3"
    assert dropped.reach(shape) == ((2, 2), (2, 2))


def test_a_kept_window_that_would_start_behind_the_picture_is_dropped():
    layer = make("max_pool2d", {"window": 2, "stride": 4, "padding": 1, "ceil": True})
    assert layer.output_shape(Shape((3, 3, 1))) == (1, 1, 1)
    assert layer.arithmetic(Shape((3, 3, 1))) == "⌈(3 + 1 + 1 - 2) / 4⌉ + 1 - 1 = 1"


@pytest.mark.parametrize("word", ["max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize(
    ("knobs", "shape", "code", "knob", "message", "help"),
    [
        (
            {"window": 9},
            (7, 7, 3),
            "empty-output",
            "window",
            "a 9 × 9 window does not fit into 7 × 7 × 3",
            "use a window of 7 or less",
        ),
        (
            {"window": [3, 2], "padding": 2},
            (7, 7, 3),
            "padding-exceeds-window",
            "padding",
            "a window of 2 would lie entirely on a padding of 2",
            "use a padding of 1 or less",
        ),
        (
            {"window": 2, "padding": [[0, 3], [0, 0]]},
            (7, 7, 3),
            "padding-exceeds-window",
            "padding",
            "a window of 2 would lie entirely on a padding of 3",
            "use a padding of 1 or less",
        ),
    ],
)
def test_refuses(word, knobs, shape, code, knob, message, help):
    error = refusal(word, knobs, shape)
    assert (error.code, error.knob, error.message, error.help) == (code, knob, message, help)


@pytest.mark.parametrize("word", ["max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d"])
def test_refuses_a_row(word):
    error = refusal(word, {"window": 2} if "global" not in word else {}, (5,))
    assert error.code == "needs-picture"
    assert error.message == f"{word} needs height × width × channels, but gets a row of 5 numbers"


@pytest.mark.parametrize("padding", ["valid", "same", 1, 2])
@pytest.mark.parametrize("ceil", [False, True])
def test_no_window_lies_wholly_on_padding(padding, ceil):
    for length in range(1, 9):
        for window in range(3, 5):
            for stride in range(1, 7):
                layer = make("max_pool2d", {"window": window, "stride": stride, "padding": padding, "ceil": ceil})
                axis, _ = layer.axes(Shape((length, length, 1)))
                for place in range(axis.output):
                    first, last = axis.taps(place)
                    assert first < last
