"""What every layer must keep to, and the machinery to test it: a layer's own test file only declares its cases.

`tests/layers/test_<word>.py` has `CASES`, a list of (knobs, input shape) or, where several ways meet, (knobs, list of
input shapes), and `naive(layer, parameters, x)`, the layer outside training in loops that share no code with it.
A layer that treats every value alike may have `value(layer, x)` in its place, for one number.
A layer that acts otherwise in training also has `naive_training`. With `drawn(rng)`, to (knobs, input shape), it is
compared with PyTorch on thirty random cases, too (`tests/parity/test_random.py`).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from xonet.language.shapes import Shape, ShapeError
from xonet.layers import LAYERS, Layer
from xonet.layers._graph import Trace, Value
from xonet.layers._run import Run
from xonet.randomness import uniform


def make(word: str, knobs: dict[str, Any]) -> Layer:
    """A layer from its knobs."""
    return LAYERS.make({word: knobs})


def spread(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Values between -2 and 2 in random order, no two closer than a difference quotient's step and none close to 0.

    So no relu bends and no maximum changes hands between x - step and x + step.
    """
    count = int(np.prod(shape))
    return ((rng.permutation(count) - count / 2 + 0.3) * 4 / count).reshape(shape)


def shape(rng: np.random.Generator) -> tuple[int, ...]:
    """A small picture's shape, or that of a row, for a layer's `drawn`."""
    return tuple(int(n) for n in rng.integers(1, (7, 8, 21) if rng.random() < 0.7 else (41,)))


def naive(tests: Any) -> Any:
    """The loops in a layer's tests: its `naive`, or one around its `value`."""
    if hasattr(tests, "naive"):
        return tests.naive
    return lambda layer, _, x: np.array([tests.value(layer, value) for value in x.ravel()]).reshape(x.shape)


def inputs(shape: Any, pictures: int, dtype: Any = np.float64, seed: int = 0, scale: float = 1) -> Any:
    """An array for a shape, a list of arrays for a list of shapes; of values between -2 and 2, times `scale`."""
    rng = np.random.default_rng(seed)
    if isinstance(shape, list):
        return [(scale * spread(rng, (pictures, *way))).astype(dtype) for way in shape]
    return (scale * spread(rng, (pictures, *shape))).astype(dtype)


def parameters(layer: Layer, shape: Any, dtype: Any = np.float64, seed: int = 1) -> dict[str, np.ndarray]:
    """Random arrays for what the layer declares; running statistics are positive, as a variance must be."""
    rng = np.random.default_rng(seed)
    declared = [] if isinstance(shape, list) else layer.parameters(Shape(shape))
    return {
        p.name: (rng.normal(size=p.shape) if p.trainable else rng.uniform(0.5, 1.5, p.shape)).astype(dtype)
        for p in declared
    }


def run(training: bool, pictures: int) -> Run:
    """A run with random numbers of its own."""
    return Run(training, lambda count: uniform(seed=7, stream=1, step=2, pictures=pictures, count=count))


def output_shape(layer: Layer, shape: Any) -> Shape:
    """What the shape rule says."""
    if isinstance(shape, list):
        return layer.join_shape([Shape(way) for way in shape])
    return layer.output_shape(Shape(shape))


def refusal(word: str, knobs: dict[str, Any], shape: tuple[int, ...]) -> ShapeError:
    """What the layer says to an input that it cannot take."""
    with pytest.raises(ShapeError) as caught:
        Trace().apply(make(word, knobs), Value(Shape(shape)))
    return caught.value


def slope(function: Any, array: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Central differences of a number that `function()` gives, by every value of `array`, which is changed in place."""
    result = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = function()
        array[place] = kept - step
        below = function()
        array[place] = kept
        result[place] = (above - below) / (2 * step)
    return result


def power(exponent: float) -> float:
    """The exponential, infinite where it overflows."""
    try:
        return math.exp(exponent)
    except OverflowError:
        return math.inf


def assert_close(actual: np.ndarray, expected: np.ndarray, tolerance: float) -> None:
    """Equal up to `tolerance` of the greatest value in either."""
    assert actual.shape == expected.shape
    scale = max(np.abs(actual).max(), np.abs(expected).max(), 1e-3)
    assert np.abs(actual - expected).max() <= tolerance * scale
