"""`focal`: a loop, its cases, and what it is for labels."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from tests.layers.contract import assert_close, slope
from xonet.losses import LABELS, LOSSES, ONE_SCORE

CASES = [({},), ({"gamma": 0.5, "alpha": 1},), ({"gamma": 0},)]


def naive(loss, scores, targets):
    """Cross-entropy of each class, damped by what all others have together."""
    with localcontext() as decimal:  # its exponents are as large as they need to be
        decimal.prec = 50
        powers = [Decimal(score).exp() for score in scores]
        found = Decimal(0)
        for n, target in enumerate(targets):
            rest = sum(power for m, power in enumerate(powers) if m != n) / sum(powers)
            found += Decimal(target) * rest ** Decimal(loss.gamma) * -(powers[n] / sum(powers)).ln()
        return float(found) * loss.alpha


@pytest.mark.parametrize("answers", [LABELS, ONE_SCORE])
@pytest.mark.parametrize("knobs", [knobs for (knobs,) in CASES], ids=str)
def test_labels_are_judged_one_by_one(knobs, answers):
    loss = LOSSES.make({"focal": knobs}).of(answers)
    reference, rng = LOSSES.part(loss, "reference"), np.random.default_rng(0)
    scores, targets = rng.normal(size=(4, 3)), rng.integers(0, 2, (4, 3)).astype(float)
    p = 1 / (1 + np.exp(-scores))
    right = np.where(targets == 1, p, 1 - p)
    expected = np.where(targets == 1, loss.alpha, 1 - loss.alpha) * (1 - right) ** loss.gamma * -np.log(right)
    np.testing.assert_allclose(reference.forward(loss, scores, targets), expected.mean(axis=1))
    expected = slope(lambda: float(reference.forward(loss, scores, targets).sum()), scores)
    assert_close(reference.backward(loss, scores, targets), expected, 1e-6)
    np.testing.assert_allclose(reference.probabilities(loss, scores), p)
