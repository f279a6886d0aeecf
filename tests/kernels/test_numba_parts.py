"""Where Numba's private parts are not known, kernels are compiled with what is public, and compute the same."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.engine.native import unload
from xonet.kernels import LANES, f32_to_bits, numba_parts, sliding
from xonet.kernels.loading import Library, entry
from xonet.kernels.tables import Term, table

X = np.random.default_rng(0).normal(size=4 * LANES).astype(np.float32)
TERMS = table(Term, [Term(features=1, taps=4, g=0, x=0, rows=1, columns=1, dw=0)])


@pytest.fixture
def compiled(monkeypatch, tmp_path):
    """A function that runs a kernel, compiled by a Numba that was not tried."""
    monkeypatch.setattr(numba_parts, "TRIED", ((99, 0), (99, 1)))
    monkeypatch.setattr(numba_parts, "PARTS", ())
    monkeypatch.setenv("XONET_CACHE_DIR", str(tmp_path))
    library = Library()

    def run(kernel, *arguments):
        given = np.array([a.ctypes.data if isinstance(a, np.ndarray) else a for a in arguments], np.int64)
        entry(library.addresses([kernel])[kernel])(given.ctypes.data)

    return run


def test_kernels_by_themselves_and_on_tiles(compiled):
    scores, dw = np.zeros((3, 4), np.float32), np.zeros(4, np.float32)
    compiled(unload, X, scores, 3, 4)
    assert np.array_equal(scores, X.reshape(4, LANES)[:, :3].T)
    compiled(sliding.gradient_of_weights, X[:LANES], X, dw, TERMS, 1, 0, 0, 0, 0, 4, f32_to_bits(1.0))
    np.testing.assert_allclose(dw, X.reshape(4, LANES) @ X[:LANES], rtol=1e-5)
