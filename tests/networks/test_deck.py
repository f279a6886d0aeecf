"""The network files of the deck hold its numbers: computed here with loops, which share nothing with the engines.

The deck cuts numbers after two decimals, it does not round: 7/9 is 0.77.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from xonet.data import Wanted
from xonet.data._prepare import values
from xonet.network import load

DECK = Path(__file__).parents[2] / "networks/deck"

STROKE = """ 0.77 -0.11  0.11  0.33  0.55 -0.11  0.33
            -0.11  1.00 -0.11  0.33 -0.11  0.11 -0.11
             0.11 -0.11  1.00 -0.33  0.11 -0.11  0.55
             0.33  0.33 -0.33  0.55 -0.33  0.33  0.33
             0.55 -0.11  0.11 -0.33  1.00 -0.11  0.11
            -0.11  0.11 -0.11  0.33 -0.11  1.00 -0.11
             0.33 -0.11  0.55  0.33  0.11 -0.11  0.77"""
POOLED = [
    "1.00 0.33 0.55 0.33  0.33 1.00 0.33 0.55  0.55 0.33 1.00 0.11  0.33 0.55 0.11 0.77",
    "0.55 0.33 0.55 0.33  0.33 1.00 0.55 0.11  0.55 0.55 0.55 0.11  0.33 0.11 0.11 0.33",
    "0.33 0.55 1.00 0.77  0.55 0.55 1.00 0.33  1.00 1.00 0.11 0.55  0.77 0.33 0.55 0.33",
]
POOLED_TWICE = ["1.00 0.55 0.55 1.00", "1.00 0.55 0.55 0.55", "0.55 1.00 1.00 0.55"]


def convolve(layer, x):
    height, width = x.shape[:2]
    weights = np.array(layer.weights, float)
    rows, columns = layer.kernel_size
    y = np.zeros((height - rows + 1, width - columns + 1, layer.features))
    for i, j, feature in np.ndindex(y.shape):
        for a, b in np.ndindex(rows, columns):
            y[i, j, feature] += weights[feature, a, b] * x[i + a, j + b, 0]
    return y / (rows * columns)


def pool(layer, x):
    y = np.zeros((math.ceil(x.shape[0] / 2), math.ceil(x.shape[1] / 2), x.shape[2]))
    for i, j in np.ndindex(y.shape[:2]):
        y[i, j] = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max(axis=(0, 1))
    return y


def apply(layer, x):
    match type(layer).__name__:
        case "Conv2d":
            assert layer.reduce == "mean" and layer.bias is False
            return convolve(layer, x)
        case "MaxPool2d":
            assert (layer.window, layer.stride, layer.ceil) == ((2, 2), (2, 2), True)
            return pool(layer, x)
        case "Relu":
            return np.maximum(x, 0)
        case "Repeat":
            for _ in range(layer.times):
                for inner in layer.layers:
                    x = apply(inner, x)
            return x
        case "Dense":
            assert layer.reduce == "sum" and layer.bias is False
            return np.array(layer.weights) @ x.ravel()


def outputs(file, picture=0):
    """The output of every layer for one of the file's pictures."""
    document = load(DECK / file).document
    classes = document.output.classes if document.output else ()
    data = document.data.pictures.load(Wanted(document.input.shape, classes, DECK))
    x = values(data.pictures, document.input)[picture].astype(float)
    made = []
    for layer in document.layers:
        x = apply(layer, x)
        made.append(x)
    return made


def cut(numbers):
    """After two decimals; what is within 1e-6 of the next digit is that digit, as 0.92 has no exact binary form."""
    return [math.trunc(number * 100 + math.copysign(1e-4, number)) / 100 for number in np.ravel(numbers)]


def table(text):
    return [float(number) for number in text.split()]


def test_filtering():
    assert [cut(outputs("filtering.yaml", picture)[-1]) for picture in (0, 1)] == [[1.00], [0.55]]


def test_convolution():
    stack = outputs("convolution.yaml")[-1]
    assert cut(stack[..., 0]) == table(STROKE)
    assert cut(stack[0, :, 1]) == table("0.33 -0.55 0.11 -0.11 0.11 -0.55 0.33") and cut(stack[3, 3, 1]) == [1.00]
    assert cut(stack[0, :, 2]) == table("0.33 -0.11 0.55 0.33 0.11 -0.11 0.77")
    assert (stack[..., 2] == stack[:, ::-1, 0]).all(), "/ over an X is the mirror image of \\ over it"


def test_relu():
    assert cut(outputs("relu.yaml")[-1][..., 0]) == [max(0, number) for number in table(STROKE)]


@pytest.mark.parametrize(
    ("file", "expected"), [("pooling.yaml", POOLED), ("stacking.yaml", POOLED), ("deep_stacking.yaml", POOLED_TWICE)]
)
def test_pooling(file, expected):
    stack = outputs(file)[-1]
    assert [cut(stack[..., feature]) for feature in range(3)] == [table(text) for text in expected]


@pytest.mark.parametrize("file", ["fully_connected.yaml", "deck.yaml"])
def test_votes(file):
    assert cut(outputs(file)[-1]) == [0.92, 0.51]


def test_the_decks_network_knows_an_o():
    votes = outputs("deck.yaml", 1)[-1]
    assert votes[1] > votes[0]


def test_errors():
    """The slide's errors and total; they belong to a vote of 0.49 for O, see the file."""
    votes = outputs("backprop.yaml")[-1]
    assert cut(votes) == [0.92, 0.49]
    errors = np.abs(np.array([1, 0]) - votes)
    assert cut([*errors, errors.sum()]) == [0.08, 0.49, 0.57]


def test_the_same_x_elsewhere_is_another_picture():
    assert [cut(outputs("literal.yaml", picture)[-1]) for picture in (0, 1)] == [[1.00], [0.35]]


def test_trickier_cases_are_partly_wrong():
    document = load(DECK / "trickier_cases.yaml").document
    targets = document.data.pictures.load(Wanted(document.input.shape, document.output.classes, DECK)).targets
    right = [int(np.argmax(outputs("trickier_cases.yaml", i)[-1])) == target for i, target in enumerate(targets)]
    assert 0 < sum(right) < len(right)
