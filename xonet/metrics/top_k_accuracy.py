"""The metrics `top_5_accuracy` and the like, for any number."""

from __future__ import annotations

from typing import Any

from xonet.losses import CLASSES
from xonet.metrics._base import Metric, share


class TopKAccuracy(Metric):
    """The share of pictures whose class is among the k with the greatest scores: `top_5_accuracy`, or any other number.

    Of equal scores those of earlier classes come first, so that `top_1_accuracy` is `accuracy`. As PyTorch's and
    scikit-learn's, but for equal scores (Russakovsky et al. 2015, section 4.1, has it as an error).
    """

    fits = (CLASSES,)
    tally = "Ranks"

    def value(self, tally: Any) -> float:
        """Those before whose class fewer than k others come."""
        return share(int(tally.counts[: self.k].sum()), int(tally.counts.sum()))
