"""The metric `r2`."""

from __future__ import annotations

from typing import Any

from xonet.losses import INPUT, VALUES
from xonet.metrics._base import Metric, mean


class R2(Metric):
    """The share of the values' variance that the scores explain, R² = 1 - Σ(score - value)² / Σ(mean - value)².

    1 is best, 0 is what the mean of the values would get, and less is worse than that. The mean over outputs, as
    scikit-learn's `r2_score` has it: a value that is the same for all pictures gives 1 where it is hit, otherwise 0.
    """

    fits = (VALUES, INPUT)
    tally = "Errors"
    also = ("r2_score", "r_squared", "R2Score", "coefficient_of_determination")

    def value(self, tally: Any) -> float:
        """The mean over outputs."""
        pairs = zip(tally.squared.tolist(), tally.spread.tolist(), strict=True)
        return mean([1 - error / spread if spread else float(not error) for error, spread in pairs])
