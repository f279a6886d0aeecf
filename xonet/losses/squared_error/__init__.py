"""The loss `squared_error`: large errors count most."""

from __future__ import annotations

from xonet.losses import Loss


class SquaredError(Loss):
    """The sum over outputs of (right answer - actual answer)²."""

    nearly = dict.fromkeys(
        ("mse", "MSELoss", "mse_loss", "mean_squared_error", "EuclideanLoss", "L2Loss"),
        "write squared_error; it sums over the outputs, where others take the mean",
    )
