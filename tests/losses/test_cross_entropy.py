"""`cross_entropy`: a loop, its cases, large scores, PyTorch."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from xonet.losses import LOSSES

CASES = [({},), ({"label_smoothing": 0.1},)]


def naive(loss, scores, targets):
    """-log of what softmax gives each class, weighted by the smoothed target."""
    with localcontext() as decimal:  # its exponents are as large as they need to be
        decimal.prec = 50
        exact = [Decimal(score) for score in scores]
        log_sum = sum(score.exp() for score in exact).ln()
        smooth = [(1 - loss.label_smoothing) * target + loss.label_smoothing / len(targets) for target in targets]
        return float(sum(Decimal(share) * (log_sum - score) for share, score in zip(smooth, exact, strict=True)))


def test_large_scores_stay_finite():
    loss, scores, targets = LOSSES.make("cross_entropy"), np.array([[1e4, -1e4]]), np.array([[0.0, 1.0]])
    reference = LOSSES.part(loss, "reference")
    assert reference.forward(loss, scores, targets).tolist() == [2e4]
    assert reference.backward(loss, scores, targets).tolist() == [[1, -1]]
    assert reference.probabilities(loss, scores).tolist() == [[1, 0]]


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_is_torchs(smoothing):
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    loss = LOSSES.make({"cross_entropy": {"label_smoothing": smoothing}})
    scores, targets = np.random.default_rng(0).normal(size=(4, 3)), np.eye(3)[[0, 2, 1, 1]]
    theirs = torch.nn.functional.cross_entropy(
        torch.tensor(scores), torch.tensor(targets), reduction="none", label_smoothing=smoothing
    )
    np.testing.assert_allclose(LOSSES.part(loss, "reference").forward(loss, scores, targets), theirs.numpy())
