"""`binary_cross_entropy`: a loop, its cases, large scores."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np

from xonet.losses import LOSSES

CASES = [({},), ({"label_smoothing": 0.1},), ({"reduce": "sum"},)]


def naive(loss, scores, targets):
    """-log of what sigmoid gives each answer."""
    with localcontext() as decimal:  # its exponents are as large as they need to be
        decimal.prec = 50
        total = Decimal(0)
        for score, target in zip(map(Decimal, scores), targets, strict=True):
            wanted = Decimal((1 - loss.label_smoothing) * target + loss.label_smoothing / 2)
            total += wanted * (1 + (-score).exp()).ln() + (1 - wanted) * (1 + score.exp()).ln()
        return float(total) / (len(scores) if loss.reduce == "mean" else 1)


def test_large_scores_stay_finite():
    loss, scores, targets = LOSSES.make("binary_cross_entropy"), np.array([[1e4, -1e4]]), np.array([[0.0, 0.0]])
    reference = LOSSES.part(loss, "reference")
    assert reference.forward(loss, scores, targets).tolist() == [5e3]
    assert reference.backward(loss, scores, targets).tolist() == [[0.5, 0]]
    assert reference.probabilities(loss, scores).tolist() == [[1, 0]]
