"""What layers of two formulas share: what they declare is checked at once, and every formula means the same twice."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from tests.members import cases
from xonet.kernels import HELPERS, KERNELS, LANES, f32_to_bits, kept
from xonet.kernels.loading import entry, library
from xonet.layers import LAYERS, Layer
from xonet.layers._elementwise import (
    Elementwise,
    absolute,
    clip,
    erf,
    exp,
    expm1,
    formulas,
    log1p,
    maximum,
    minimum,
    native,
    sigmoid,
    tanh,
    where,
)
from xonet.program.alignment import aligned
from xonet.turns import imported

ABLE = {"forward": staticmethod(lambda x: x), "backward": staticmethod(lambda dy: dy)}
WRONG = [
    ({"forward": None}, "needs a @staticmethod forward"),
    ({"forward": lambda x: x}, "needs a @staticmethod forward"),
    ({"backward": None}, "needs a @staticmethod backward"),
    ({"forward": staticmethod(lambda slope: slope)}, "forward needs x among its parameters"),
    ({"backward": staticmethod(lambda x: x)}, "backward needs dy among its parameters"),
    ({"forward": staticmethod(lambda x, dy: x)}, "forward asks for dy, which is neither a value nor a knob"),
    ({"backward": staticmethod(lambda dy, slop: dy)}, "backward asks for slop"),
    ({"forward_tanh": staticmethod(lambda x: x)}, "needs a @staticmethod backward_tanh"),
]


@pytest.mark.parametrize(("members", "said"), WRONG, ids=lambda part: part if isinstance(part, str) else "")
def test_a_wrong_formula_is_an_error_when_it_is_declared(members, said):
    type("Able", (Elementwise,), dict(ABLE))
    with pytest.raises(TypeError, match=said):
        type("Wrong", (Elementwise,), {**ABLE, **members})


def test_what_kernels_are_made_of_stands_in_files_that_the_cache_knows():
    for kind in LAYERS.members.values():
        if not issubclass(kind, Elementwise) and kind.trace is Layer.trace and not kind.renames:
            LAYERS.part(kind, "native")
    known = {str(path) for path in kept.sources()}
    functions = list(HELPERS.values())
    functions += [kernel.function for kernel in KERNELS if "<" not in kernel.function.__code__.co_filename]
    assert len(functions) > 100
    assert {inspect.getsourcefile(function) for function in functions} <= known


class Every(Elementwise):
    """Every word of formulas, and what a knob and a number are to them."""

    @staticmethod
    def forward(x):
        """All of them."""
        y = clip(x, -1.0, 2.0) + maximum(x, 0.5) * minimum(0.25, x) - tanh(x) / 3.0
        y = y + absolute(x) + erf(x) + sigmoid(x) + log1p(maximum(x, -0.5)) + expm1(minimum(x, 1.0))
        return where((x > -1.0) & (x <= 1.0), y, exp(-x)) + where(x >= 0.0, 1.0, 0.0)

    @staticmethod
    def backward(x, y, dy):
        """Whatever."""
        return x * y * dy


def test_every_word_means_the_same_to_numpy_and_in_kernels(monkeypatch):
    x, y = aligned(8 * LANES), aligned(8 * LANES)
    x[:] = np.linspace(-30, 30, len(x))
    x[:3] = np.nan, -np.inf, np.inf
    kernel = native.Pass(Every, "forward").kernel
    KERNELS.remove(kernel)
    read = kept.read
    monkeypatch.setattr(kept, "read", lambda name, *more: None if name == kernel.name else read(name, *more))
    monkeypatch.setattr(kept, "keep", lambda *_: None)
    arguments = np.array([x.ctypes.data, y.ctypes.data, 8], np.int64)
    entry(library().addresses([kernel])[kernel])(arguments.ctypes.data)
    with np.errstate(invalid="ignore"):
        expected = Every.forward(x)
    own = [word for word in vars(formulas).values() if inspect.isfunction(word) and word is not imported]
    assert {word.__name__ for word in own} <= set(Every.forward.__code__.co_names)
    np.testing.assert_allclose(y[3:], expected[3:], rtol=1e-6, atol=1e-6)
    assert np.isnan(y[0]) == np.isnan(expected[0])


EXTREMES = [np.nan, 1e38, -1e38, 1e30, -1e30, 1e4, -1e4, 100, -100, 88.5, -88.5, 21, -21, 1e-30, -1e-45, 0]
ALIKE = [case for case in cases(LAYERS) if issubclass(LAYERS.members[case.values[0]], Elementwise)]


@pytest.mark.parametrize(("word", "knobs", "shape"), ALIKE)
def test_numbers_of_any_size_natively(word, knobs, shape):
    """Forward, NaN stays NaN; nothing else becomes NaN or infinite, but is what the reference gives in float64."""
    layer = LAYERS.make({word: knobs})
    places = {name: aligned(LANES) for name in ("x", "y", "dy", "to")}
    places["x"][:], places["dy"][:] = EXTREMES, 0.5
    exact = {name: place.astype(float) for name, place in places.items()}
    for way in ("forward", "backward"):
        name = layer.formula(way)
        own = native.PASSES[type(layer), name]
        given = [places[value].ctypes.data for value in (*own.values, "to")]
        given += [1, *(f32_to_bits(getattr(layer, knob)) for knob in own.knobs)]
        arguments = np.array(given, np.int64)
        entry(library().addresses([own.kernel])[own.kernel])(arguments.ctypes.data)
        with np.errstate(all="ignore"):
            asked = layer.asks(name)
            expected = getattr(layer, name)(**{v: exact[v] if v in exact else getattr(layer, v) for v in asked})
            expected = expected.astype(np.float32)
        assert np.isnan(places["to"][1:]).sum() == 0 and np.isfinite(expected[1:]).all()
        # what follows from y, as from 1 + (e^x - 1), has the digits of the larger of both
        least = 5e-7 if "y" in own.values else 1e-36
        np.testing.assert_allclose(places["to"][1:], expected[1:], rtol=2e-6, atol=least)
        if way == "forward":
            assert np.isnan(places["to"][0])
            places["y"][:], exact["y"] = places["to"], places["to"].astype(float)
