"""The loss `squared_error`: large errors count most."""

from __future__ import annotations

from typing import ClassVar

from xonet.losses import Loss, reduction


class SquaredError(Loss):
    """The sum over outputs of (right answer - actual answer)².

    With `reduce: mean`, PyTorch's MSELoss. Caffe's EuclideanLoss is half the sum.
    """

    has_probabilities = False
    nearly: ClassVar = {
        **dict.fromkeys(
            ("mse", "MSELoss", "mse_loss", "mean_squared_error"),
            "write squared_error: {reduce: mean}; without reduce it sums over the outputs",
        ),
        **dict.fromkeys(
            ("EuclideanLoss", "L2Loss"), "write squared_error, and half the learning rate: it is not halved here"
        ),
    }

    reduce: str = reduction("sum")
