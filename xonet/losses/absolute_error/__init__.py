"""The loss `absolute_error`: right answer minus actual answer, as the deck counts it."""

from __future__ import annotations

from xonet.losses import Loss, reduction


class AbsoluteError(Loss):
    """The deck's error: the sum over outputs of |right answer - actual answer|.

    With `reduce: mean`, PyTorch's L1Loss.
    """

    has_probabilities = False
    nearly = dict.fromkeys(
        ("mae", "L1Loss", "l1_loss", "mean_absolute_error"),
        "write absolute_error: {reduce: mean}; without reduce it sums over the outputs",
    )

    reduce: str = reduction("sum")
