"""`orthogonal`: its cases, and the right angles."""

from __future__ import annotations

import numpy as np
import pytest

from tests.initializers.contract import draw

CASES = [({}, 0, 1 / 750)]
"""A row of 750 numbers has length 1."""


@pytest.mark.parametrize("shape", [(4, 3, 3, 2), (7, 5), (30, 2, 2, 3), (1, 4), (4, 4)])
def test_features_are_at_right_angles(shape):
    weights = draw("orthogonal", {"gain": 2}, shape).reshape(shape[0], -1)
    few = weights if weights.shape[0] <= weights.shape[1] else weights.T
    np.testing.assert_allclose(few @ few.T, 4 * np.eye(len(few)), atol=1e-12)
