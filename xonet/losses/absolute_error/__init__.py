"""The loss `absolute_error`: right answer minus actual answer, as the deck counts it."""

from __future__ import annotations

from xonet.losses import Loss


class AbsoluteError(Loss):
    """The deck's error: the sum over outputs of |right answer - actual answer|."""

    nearly = dict.fromkeys(
        ("mae", "L1Loss", "l1_loss", "mean_absolute_error"),
        "write absolute_error; it sums over the outputs, where others take the mean",
    )
