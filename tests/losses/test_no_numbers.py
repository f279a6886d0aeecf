"""A score that is no number, or infinite, is told."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is in the extra `bench`")

from tests.parity import draw, judge
from xonet.engine.plan import one_hot
from xonet.losses import LOSSES, ONE_SCORE


@pytest.mark.parametrize(("word", "answers"), draw.ANSWERS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_no_number_is_told(word, answers, bad):
    """By the loss; and by the gradient, which ends training in that very step, if it is NaN."""
    rng, outputs = np.random.default_rng(1), 1 if answers == ONE_SCORE else 5
    loss, targets = draw.loss_and_targets(rng, word, answers, 19, outputs)
    scores = rng.normal(size=(19, outputs))
    scores[-1, 0] = bad
    wanted = one_hot(targets, outputs)
    if np.isnan(bad):
        assert np.isnan(judge.native_loss(loss, scores.astype(np.float32), wanted)[-1]).any()
    with np.errstate(all="ignore"):
        assert not np.isfinite(LOSSES.part(loss, "reference").forward(loss, scores[-1:], wanted[-1:])).any()
