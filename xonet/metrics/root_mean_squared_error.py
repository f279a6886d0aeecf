"""The metric `root_mean_squared_error`."""

from __future__ import annotations

import math
from typing import Any

from xonet.losses import INPUT, VALUES
from xonet.metrics._base import Metric, share


class RootMeanSquaredError(Metric):
    """The root of the mean of (score - value)² over all values of all pictures.

    As Keras' of the same name, and torchmetrics' `MeanSquaredError(squared=False)`; scikit-learn takes the root of each
    output by itself, and then the mean.
    """

    fits = (VALUES, INPUT)
    rises = False
    tally = "Errors"
    also = ("rmse", "root_mse")

    def value(self, tally: Any) -> float:
        """The root of their sum, of so many values."""
        return math.sqrt(share(float(tally.squared.sum()), tally.values))
