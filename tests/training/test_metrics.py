"""What is measured on scores and targets."""

from __future__ import annotations

import numpy as np
import pytest

from tests.counting import kilobytes
from xonet.data import Dataset
from xonet.losses import LOSSES
from xonet.model import Model
from xonet.network import loads
from xonet.training.metrics import Meter, evaluate

SCORES = np.array([[2, 0, 0], [0, 1, 0], [0, 0, 3], [9, 0, 0]], np.float32)


def measured(word, targets, classes=0, scores=SCORES):
    meter = Meter(LOSSES.make(word), targets, classes=classes)
    for first in range(0, len(scores), 3):
        meter(first, scores[first : first + 3])
    return meter


def test_classes():
    found = measured("cross_entropy", np.array([0, 1, 2, 1])).row
    assert found["accuracy"] == 0.75
    rows = zip(SCORES.astype(float), (0, 1, 2, 1), strict=True)
    expected = [np.log(np.exp(row).sum()) - row[right] for row, right in rows]
    assert found["loss"] == pytest.approx(np.mean(expected), rel=1e-12)


def test_values_have_no_accuracy():
    found = measured("absolute_error", np.zeros((4, 3), np.float32)).row
    assert found == {"loss": (2 + 1 + 3 + 9) / 4}


def test_a_loss_that_is_no_number_is_quiet():
    scores = SCORES.copy()
    scores[1, 0], scores[2, 0] = np.nan, np.inf
    found = measured("squared_error", np.array([0, 1, 2, 0]), scores=scores).losses
    assert list(np.isfinite(found)) == [True, False, False, True]


def test_confusion():
    table = measured("cross_entropy", np.array([0, 1, 1, 0]), classes=3).confusion
    assert table.tolist() == [[2, 0, 0], [0, 1, 1], [0, 0, 0]]


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_scores_of_many_classes_are_never_there_all_at_once(engine):
    classes = ", ".join(f"c{number}" for number in range(1000))
    text = f"xonet: 1\ninput: {{features: 4}}\nlayers: [{{dense: {{units: 1000}}}}]\noutput: {{classes: [{classes}]}}\n"
    model = Model(loads(text), engine=engine, threads=1)
    x = np.random.default_rng(0).normal(size=(20_000, 4)).astype(np.float32)
    data = Dataset(x, np.arange(20_000) % 1000)
    evaluate(model, Dataset(x[:1000], data.targets[:1000]))  # what is made once
    assert kilobytes(lambda: evaluate(model, data)) < 4 * 20_000 * 1000 / 4 / 1024
