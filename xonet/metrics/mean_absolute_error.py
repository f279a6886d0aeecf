"""The metric `mean_absolute_error`."""

from __future__ import annotations

from typing import Any

from xonet.losses import INPUT, VALUES
from xonet.metrics._base import Metric, share


class MeanAbsoluteError(Metric):
    """The mean of |score - value| over all values of all pictures.

    As scikit-learn's and Keras' of the same name.
    """

    fits = (VALUES, INPUT)
    rises = False
    tally = "Errors"
    also = ("mae", "l1", "absolute_error", "L1Loss")

    def value(self, tally: Any) -> float:
        """Their sum, of so many values."""
        return share(float(tally.absolute.sum()), tally.values)
