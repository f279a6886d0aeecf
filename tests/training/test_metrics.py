"""What is measured on scores and targets."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.losses import LOSSES
from xonet.training.metrics import confusion, losses, measure

SCORES = np.array([[2, 0, 0], [0, 1, 0], [0, 0, 3], [9, 0, 0]], np.float32)


def test_classes():
    found = measure(LOSSES.make("cross_entropy"), SCORES, np.array([0, 1, 2, 1]))
    assert found["accuracy"] == 0.75
    rows = zip(SCORES.astype(float), (0, 1, 2, 1), strict=True)
    expected = [np.log(np.exp(row).sum()) - row[right] for row, right in rows]
    assert found["loss"] == pytest.approx(np.mean(expected), rel=1e-12)


def test_values_have_no_accuracy():
    found = measure(LOSSES.make("absolute_error"), SCORES, np.zeros((4, 3), np.float32))
    assert found == {"loss": (2 + 1 + 3 + 9) / 4}


def test_a_loss_that_is_no_number_is_quiet():
    scores = SCORES.copy()
    scores[1, 0], scores[2, 0] = np.nan, np.inf
    found = losses(LOSSES.make("squared_error"), scores, np.array([0, 1, 2, 0]))
    assert list(np.isfinite(found)) == [True, False, False, True]


def test_confusion():
    table = confusion(SCORES, np.array([0, 1, 1, 0]), 3)
    assert table.tolist() == [[2, 0, 0], [0, 1, 1], [0, 0, 0]]
