"""`dirac`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.initializers.contract import SHAPE, draw

ONES = 30 / np.prod(SHAPE)
CASES = [({}, ONES, ONES - ONES**2), ({"groups": 2}, 40 / np.prod(SHAPE), 40 / np.prod(SHAPE))]


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("shape", [(6, 3, 3, 4), (4, 1, 1, 4), (2, 2, 4, 7), (6, 5, 3, 1)])
def test_as_torch(shape, groups):
    torch = pytest.importorskip("torch")
    features, rows, columns, channels = shape
    wanted = torch.empty(features, channels, rows, columns)
    torch.nn.init.dirac_(wanted, groups)
    np.testing.assert_array_equal(draw("dirac", {"groups": groups}, shape), wanted.permute(0, 2, 3, 1).numpy())


def test_a_dense_layer_passes_its_input_on():
    np.testing.assert_array_equal(draw("dirac", {}, (3, 5)), np.eye(3, 5))
