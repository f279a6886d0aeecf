"""How exact the functions of `xonet/kernels/mathematics.py` are, compiled, over all of float32."""

from __future__ import annotations

import math

import numpy as np
import pytest

from xonet.kernels import KERNELS, LANES, helper, kept, kernel, load, mathematics, store
from xonet.kernels.loading import entry, library
from xonet.program.alignment import aligned

TEXT = """
def through_{word}(x, y, count):
    for i in range(count):
        store(y, i, {word}(load(x, i)))
"""


def every(step=4099):
    """Float32 of all sizes and signs, evenly over their bits, more around 1 and 0, and those that are special."""
    numbers = np.arange(0, 2**32, step, dtype=np.uint64).astype(np.uint32).view(np.float32)
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 2**-126, 2**-149, 3.4028235e38], np.float32)
    near = np.concatenate([np.linspace(-s, s, 50001) for s in (1e-3, 0.3, 2, 5, 100)]).astype(np.float32)
    found = np.concatenate([numbers, special, near])
    return found[: len(found) // LANES * LANES]


@pytest.fixture
def compiled(monkeypatch):
    """A function of arrays that a word is compiled to, past the cache on disk."""

    def through(word):
        scope = {"__name__": __name__, "load": load, "store": store, word: helper(getattr(mathematics, word))}
        exec(TEXT.format(word=word), scope)
        own = kernel(scope[f"through_{word}"])
        KERNELS.remove(own)
        read = kept.read
        monkeypatch.setattr(kept, "read", lambda name, *more: None if name == own.name else read(name, *more))
        monkeypatch.setattr(kept, "keep", lambda *_: None)

        def call(numbers):
            x, y = aligned(len(numbers)), aligned(len(numbers))
            x[:] = numbers
            arguments = np.array([x.ctypes.data, y.ctypes.data, len(x) // LANES], np.int64)
            entry(library().addresses([own])[own])(arguments.ctypes.data)
            return y.copy()

        return call

    return through


ERF = np.vectorize(math.erf, otypes=[float])
# (word, in float64, units in the last place, where float32 itself is left or entered: off by this much at most)
WORDS = [
    ("exp", np.exp, 2, 2e-38),
    ("expm1", np.expm1, 2, 0),
    ("log", np.log, 2, 0),
    ("log1p", np.log1p, 2, 0),
    ("sigmoid", lambda x: 1 / (1 + np.exp(-x)), 3, 2e-38),
    ("erf", ERF, 2.5, 1e-44),
]


@pytest.mark.parametrize(("word", "exact", "units", "least"), WORDS, ids=[word for word, *_ in WORDS])
def test_is_as_exact_as_it_says(word, exact, units, least, compiled):
    x = every()
    y = compiled(word)(x)
    with np.errstate(all="ignore"):
        expected = exact(x.astype(float))
        # from 88.37 to 88.72, e^x is infinite already
        expected = np.where(np.abs(expected) > 2.39e38, np.copysign(np.inf, expected), expected)
        same = np.isnan(expected) & np.isnan(y) | (expected == y)
        unit = np.spacing(np.abs(expected).astype(np.float32)).astype(float)
        off = np.where(same, 0, np.maximum(np.abs(y - expected) - least, 0) / unit)
    assert np.isnan(y[np.isnan(x)]).all()
    assert not np.isnan(off).any(), (x[np.isnan(off)][:5], y[np.isnan(off)][:5])
    worst = off.argmax()
    assert off[worst] <= units, (x[worst], y[worst], expected[worst])


def test_tanh_is_exact_to_six_digits(compiled):
    x = every()
    y = compiled("tanh")(x)
    with np.errstate(invalid="ignore"):
        expected = np.tanh(x.astype(float))
    np.testing.assert_allclose(y, expected, rtol=2e-6, atol=1e-38)


def test_cosine_of_turns_is_exact_to_seven_digits(compiled):
    turns = np.arange(0, 1 << 24, 61)[: 275_024 // LANES * LANES].astype(np.float32) * np.float32(2.0**-24)
    y = compiled("cosine_of_turns")(turns)
    np.testing.assert_allclose(y, np.cos(2 * np.pi * turns.astype(float)), rtol=0, atol=1.5e-7)
