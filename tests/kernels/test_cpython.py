"""Where it is not known how Python lays out its objects, the engine goes a plain way that gives the same."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from xonet.kernels import cpython
from xonet.model import Model
from xonet.network import loads

TEXT = """
xonet: 1
input: {height: 6, width: 5}
layers:
  - conv2d: {features: 3, kernel_size: 2}
  - dense: {units: 2}
"""


@pytest.fixture
def asked_anew():
    cpython.known.cache_clear()
    yield
    cpython.known.cache_clear()


def test_this_python_is_known(asked_anew):
    assert cpython.known()


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRIED", ((3, 8), (3, 9))), ("TRIED_NUMPY", (8, 9)), ("DATA", cpython.DATA + 1), ("AXES", cpython.AXES + 1),
     ("DTYPE", cpython.DTYPE - 1), ("FLAGS", cpython.FLAGS + 1)],
)  # fmt: skip
def test_another_is_not(name, value, asked_anew, monkeypatch):
    monkeypatch.setattr(cpython, name, value)
    assert not cpython.known()


def test_a_python_without_the_gil_is_not(asked_anew, monkeypatch):
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
    assert not cpython.known()


@pytest.mark.parametrize("threads", [1, 2])
def test_the_plain_way_gives_the_same(threads, monkeypatch):
    x = np.random.default_rng(0).normal(size=(1, 6, 5, 1)).astype(np.float32)
    expected = Model(loads(TEXT), seed=0, threads=threads).predict(x)
    monkeypatch.setattr(cpython, "known", lambda: False)
    monkeypatch.setattr(cpython, "method", None)
    model = Model(loads(TEXT), seed=0, threads=threads)
    assert np.array_equal(model.predict(x), expected) and np.array_equal(model.engine.quick(x), expected)
    for other in (None, 3, x[0], x.astype(">f4"), x[:, ::-1], np.repeat(x, 2, 0), x.tolist()):
        assert model.engine.quick(other) is None
    kept, before = model.engine.quick(x), sys.getrefcount(x)
    model.engine.quick(-x)
    assert np.array_equal(kept, expected) and sys.getrefcount(x) == before
