"""What each picture weighs."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.engine.plan import Epoch
from xonet.training.weights import example_weights

TARGETS = np.array([0, 0, 0, 1, 0, 1])


def test_balanced_classes_weigh_the_same_in_all():
    weights = example_weights("balanced", TARGETS, ("X", "O"))
    np.testing.assert_allclose(weights, [0.75, 0.75, 0.75, 1.5, 0.75, 1.5])  # scikit-learn's n / (classes · count)
    np.testing.assert_allclose(example_weights("balanced", TARGETS, ("X", "O", "nowhere")), weights)


def test_a_class_that_is_not_named_weighs_1():
    assert example_weights({"O": 3}, TARGETS, ("X", "O")).tolist() == [1, 1, 1, 3, 1, 3]


def test_what_is_no_class_is_refused():
    with pytest.raises(ValueError, match="there is no class 'Q', only X, O"):
        example_weights({"Q": 3}, TARGETS, ("X", "O"))
    with pytest.raises(ValueError, match="class_weights needs classes"):
        example_weights("balanced", np.ones((6, 2), np.float32), ())


def test_shares_of_a_step_add_up_to_one():
    weights = np.array([1, 3, 2, 2, 5], np.float32)
    epoch = Epoch(np.zeros((5, 1)), None, np.array([4, 0, 1, 2, 3]), np.ones(3, np.float32), weights=weights)
    np.testing.assert_allclose(epoch.shares(2), [5 / 6, 1 / 6, 3 / 5, 2 / 5, 1])
