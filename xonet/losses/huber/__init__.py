"""The loss `huber`: squared for small errors, absolute for large ones."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.losses import Loss, reduction


class Huber(Loss):
    """Squared for small errors, absolute for large ones: e² / 2 up to `delta`, and delta · (|e| - delta / 2) beyond.

    The mean over outputs: PyTorch's HuberLoss.
    """

    has_probabilities = False
    also = ("HuberLoss", "huber_loss")

    delta: float = field(Number(above=0), "The error at which the parabola goes on as a line.", default=1.0)
    reduce: str = reduction("mean")
